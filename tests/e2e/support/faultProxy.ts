import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { Agent, type Dispatcher } from 'undici';

import { HOST } from '../../../cluster/local/process/ports';
import { type Call, type Fault, FaultPlan, type Injection } from './faultPlan';
import { loopbackCertificate } from './loopbackCertificate';
import { statusAnswer } from './statusAnswer';

/** Those of one connection, which the next one has its own of (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Stands between a client and a real API server, over HTTP/2 as the API server does (and 1.1). It passes everything on,
 * the token and watches included, but for the calls that its plan names.
 */
export class FaultProxy {
  private plan = new FaultPlan([]);
  /** The connections under TLS, by the client's port: TLS sockets cannot be reset. */
  private readonly connections = new Map<number, Socket>();

  private constructor(
    readonly url: string,
    /** PEM, for the client. */
    readonly caCertificate: string,
    private readonly server: ReturnType<typeof createSecureServer>,
    private readonly upstream: Agent,
    private readonly target: string,
  ) {
    server.on('request', (request, response) => void this.serve(request, response));
    server.on('connection', (socket: Socket) => {
      const { remotePort = 0 } = socket;
      this.connections.set(remotePort, socket);
      socket.on('close', () => this.connections.delete(remotePort));
    });
  }

  /** @param target the API server, whose certificate is checked */
  static async start(target: { server: string; caCertificate: string }): Promise<FaultProxy> {
    const { authority, cert, key } = await loopbackCertificate();
    const server = createSecureServer({ cert, key, allowHTTP1: true });
    // A client that was killed leaves sessions that end with an error.
    server.on('sessionError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const upstream = new Agent({ connect: { ca: target.caCertificate }, bodyTimeout: 0, headersTimeout: 0 });
    const url = `https://${HOST}:${(server.address() as AddressInfo).port}`;
    return new FaultProxy(url, authority, server, upstream, target.server);
  }

  /** Every call since the plan began. */
  get calls(): readonly Call[] {
    return this.plan.calls;
  }

  /** Forgets the calls so far; what comes from now on meets these faults. Without any, all is passed on. */
  begin(injections: readonly Injection[] = []): void {
    this.plan = new FaultPlan(injections);
  }

  async close(): Promise<void> {
    for (const socket of this.connections.values()) socket.destroy();
    await Promise.all([new Promise((resolve) => this.server.close(resolve)), this.upstream.destroy()]);
  }

  private async serve(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const call = this.plan.take(request.method, request.url);
    const { remotePort = 0 } = request.socket;
    try {
      const body = await buffer(request);
      const { injected } = call;
      if (injected === null) {
        await this.passOn(request, body, response);
        return;
      }
      if (injected.when === 'after') await this.carryOut(request, body, call);
      injected.onHit?.();
      this.strike(injected.fault, { ...call, body }, response, remotePort);
    } catch (error) {
      // The client went away, or the API server did: neither of them gets an answer that looks like one of the other's.
      if (!response.headersSent && !response.destroyed) response.writeHead(502).end(String(error));
      else response.destroy();
    }
  }

  private async passOn(request: Http2ServerRequest, body: Buffer, response: Http2ServerResponse): Promise<void> {
    const answer = await this.forward(request, body);
    response.writeHead(answer.statusCode, withoutHop(answer.headers));
    await pipeline(answer.body, response);
  }

  /** Returns once the API server has done it. A watch has no end: that it has begun is enough. */
  private async carryOut(request: Http2ServerRequest, body: Buffer, { query }: Call): Promise<void> {
    const answer = await this.forward(request, body);
    if (new URLSearchParams(query).has('watch')) answer.body.destroy();
    else await answer.body.arrayBuffer();
  }

  private forward({ method, url, headers }: Http2ServerRequest, body: Buffer): Promise<Dispatcher.ResponseData> {
    return this.upstream.request({
      origin: this.target,
      path: url,
      method: method as Dispatcher.HttpMethod,
      headers: withoutHop(headers),
      body: body.length === 0 ? null : body,
    });
  }

  private strike(
    fault: Fault,
    request: { method: string; path: string; body: Buffer },
    response: Http2ServerResponse,
    clientPort: number,
  ): void {
    if (fault === 'timeout') return;
    if (fault === 'reset') {
      this.connections.get(clientPort)?.resetAndDestroy();
      return;
    }
    const { headers, body } = statusAnswer(fault, request);
    response.writeHead(fault, headers).end(body);
  }
}

function withoutHop<T>(headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':') && !HOP_BY_HOP.has(name)));
}
