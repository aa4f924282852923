import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HOST } from '../../process/ports.js';
import { type EgressCertificate, makeCertificate } from './certificate.js';
import { passOn } from './passOn.js';

interface EgressOptions {
  port?: number;
  /** Where each host's requests go; a simulator's URL. */
  upstreams: Readonly<Record<string, string>>;
  /** A new one where it is left out. */
  certificate?: EgressCertificate;
  log?: (line: string) => void;
}

/** Somebody asked for a connection. */
interface Asked {
  target: string;
  isAllowed: boolean;
}

export interface Egress {
  /** For HTTPS_PROXY. */
  url: string;
  /** PEM, for NODE_EXTRA_CA_CERTS. */
  authority: string;
  /** In order, those that were refused included. */
  asked: readonly Asked[];
  close: () => Promise<void>;
}

/**
 * The way out of n8n: a proxy that lets through to the simulated services, by their real names, and to nothing else.
 * It ends their TLS itself, so that a workflow runs as it does against the real ones.
 */
export async function startEgress({ port = 0, upstreams, ...options }: EgressOptions): Promise<Egress> {
  const hosts = new Map(Object.entries(upstreams));
  const upstreamOf = (target: string): string | undefined => hosts.get(target.replace(/:443$/, ''));
  const certificate = options.certificate ?? (await makeCertificate([...hosts.keys()]));
  const asked: Asked[] = [];
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle is nothing to fall over.
    socket.on('error', () => socket.destroy());
  };
  const note = (target: string, isAllowed: boolean): void => {
    asked.push({ target, isAllowed });
    options.log?.(`egress ${isAllowed ? 'allows' : 'refuses'} ${target}`);
  };

  const inner = createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (request, response) => {
    const upstream = upstreamOf(request.headers.host ?? '');
    if (upstream === undefined) response.writeHead(421).end();
    else passOn(request, response, upstream);
  });

  const server = createServer((request, response) => {
    if (request.url === '/_simulator/health') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
      return;
    }
    // Plain http through a proxy names the whole address; none of the services has plain http.
    note(request.url ?? '', false);
    response.writeHead(403, { 'content-type': 'text/plain' }).end('The egress lets nothing through here.\n');
  });
  server.on('connect', ({ url = '' }, socket: Duplex, head: Buffer) => {
    keep(socket);
    const isAllowed = url.endsWith(':443') && upstreamOf(url) !== undefined;
    note(url, isAllowed);
    if (!isAllowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    inner.emit('connection', socket);
  });
  server.on('connection', (socket: Socket) => {
    keep(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    authority: certificate.authority,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
