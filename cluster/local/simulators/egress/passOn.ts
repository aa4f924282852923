import { type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { ADMIN } from '../http/service.js';

/**
 * Passes a request on as it is, its Host included, and the answer back. An answer that never comes, or breaks off, does so
 * for the client too.
 */
export function passOn(request: IncomingMessage, response: ServerResponse, upstream: string): void {
  const { method, url: path = '/', headers } = request;
  if (!isForService(path)) {
    response.writeHead(404).end();
    return;
  }
  // Only the path is the client's: an address in it leads nowhere else.
  const { hostname, port } = new URL(upstream);
  const onward = ask({ hostname, port, path, method, headers, agent: false }, (answer) => {
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

/** The real services have nothing where the simulators take their orders. */
const isForService = (path: string): boolean =>
  path.startsWith('/') && !new URL(`http://simulator${path}`).pathname.startsWith(ADMIN);
