import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { LIMITS, type Limits } from '../../gate/limits';
import { createGate, type Gate } from '../../gate/server';
import type { TurnLimits } from '../../gate/urgent/turns';
import { REPEAT_LIMITS, type RepeatLimits } from '../../gate/repeats/repeats';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface World {
  gate: Gate;
  port: number;
  url: string;
  /** Every request that got as far as n8n. */
  seen: Seen[];
  turnedAway: string[];
  /** Requests that were answered and that n8n never took. */
  lost: () => number;
  /** May be changed while the gate runs. */
  repeatLimits: RepeatLimits;
  upstream: Server;
  close: () => Promise<void>;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A gate on a free port before a server in n8n's place, which answers 202 unless it is given another way to. */
export async function stand(
  limits: Partial<Limits> = {},
  reply: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.writeHead(202).end('{"ok":true}'),
  behindProxy = false,
  repeats: Partial<RepeatLimits> = {},
  turnLimits?: TurnLimits,
): Promise<World> {
  const repeatLimits = { ...REPEAT_LIMITS, ...repeats };
  const seen: Seen[] = [];
  const turnedAway: string[] = [];
  let lost = 0;
  const upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      // Not by way of this gate: another one, whose upstream had this port before, still looks whether it is ready.
      if (headers.host === `127.0.0.1:${portOf(upstream)}`) {
        response.writeHead(503).end();
        return;
      }
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      reply(request, response);
    });
  });
  const sockets = new Set<Socket>();
  upstream.on('connection', (socket: Socket) => sockets.add(socket));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const gate = createGate({
    port: portOf(upstream),
    behindProxy,
    limits: { ...LIMITS, ...limits },
    repeatLimits,
    ...(turnLimits && { turnLimits }),
    turnedAway: (reason, count) => {
      turnedAway.push(reason);
      lost += count ?? 0;
    },
  });
  gate.server.listen(0, '127.0.0.1');
  await once(gate.server, 'listening');
  const port = portOf(gate.server);
  return {
    gate,
    port,
    url: `http://127.0.0.1:${port}`,
    seen,
    turnedAway,
    lost: () => lost,
    repeatLimits,
    upstream,
    close: async () => {
      for (const socket of sockets) socket.destroy(); // what was upgraded is no server's any more
      for (const server of [gate.server, upstream]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

export interface Raw {
  socket: Socket;
  /** All that came back so far. */
  received: () => string;
  closed: Promise<void>;
}

/** A connection on which exactly these bytes are written. */
export async function raw(port: number, text: string): Promise<Raw> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.on('error', () => undefined); // being closed is what many of them are for
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      resolve();
    }),
  );
  await once(socket, 'connect');
  socket.write(text);
  return { socket, received: () => received, closed };
}

export const upload = (path: string, length = 1_000_000): string =>
  `POST ${path} HTTP/1.1\r\nHost: n8n\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${length}\r\n\r\n` +
  // With a type it is a file, which n8n writes to disk; without one it would be a field.
  '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n';

export const unfinished = (path: string, sent: string, length = 1_000_000): string =>
  `POST ${path} HTTP/1.1\r\nHost: n8n\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${sent}`;

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
