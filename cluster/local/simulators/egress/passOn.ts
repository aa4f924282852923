import { type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { ADMIN } from '../http/service.js';

/**
 * Passes a request on as it is, its Host included, and the answer back. An answer that never comes, or breaks off, does so
 * for the client too.
 */
export function passOn(request: IncomingMessage, response: ServerResponse, upstream: string): void {
  const { method, url = '/', headers } = request;
  // The real services have nothing there.
  if (new URL(url, upstream).pathname.startsWith(ADMIN)) {
    response.writeHead(404).end();
    return;
  }
  const onward = ask(new URL(url, upstream), { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  onward.on('error', () => {
    request.socket.destroy();
  });
  response.on('close', () => {
    onward.destroy();
  });
  request.pipe(onward);
}
