import { type IncomingMessage, request as send } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GateUpstream } from './forward';
import { forN8n } from './headers';

const HANDSHAKE_MILLISECONDS = 10_000;

/** Forwards a WebSocket to n8n, which checks the session before it opens it. */
export function tunnel(request: IncomingMessage, socket: Duplex, { port, behindProxy }: GateUpstream): void {
  const { url = '/', headers } = request;
  const from = { headers, caller: request.socket.remoteAddress ?? '' };
  const upstream = send({
    host: '127.0.0.1',
    port,
    path: url,
    headers: { ...forN8n(from, behindProxy), connection: 'Upgrade', upgrade: headers.upgrade },
    timeout: HANDSHAKE_MILLISECONDS,
  });
  const close = (): void => {
    upstream.destroy();
    socket.destroy();
  };
  upstream.on('upgrade', (response, other, head) => {
    other.setTimeout(0);
    socket.write(`${statusLine(response)}${rawHeaders(response)}\r\n`);
    if (head.length > 0) socket.write(head);
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  upstream.on('response', (response) => {
    socket.end(`${statusLine(response)}connection: close\r\n\r\n`);
    response.resume();
  });
  upstream.on('timeout', close);
  upstream.on('error', close);
  socket.on('error', close);
  socket.on('close', close);
  upstream.end();
}

const statusLine = ({ statusCode = 502, statusMessage = '' }: IncomingMessage): string =>
  `HTTP/1.1 ${statusCode} ${statusMessage}\r\n`;

const rawHeaders = ({ rawHeaders: raw }: IncomingMessage): string =>
  raw.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
