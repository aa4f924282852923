import { Agent, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { endToEnd, forN8n } from './headers';
import type { Lane, Limits } from './limits';
import { answer } from './answer';

export interface Upstream {
  /** n8n's port on loopback. */
  port: number;
  behindProxy: boolean;
}

export type Forward = (request: IncomingMessage, response: ServerResponse, lane: Lane, body?: Buffer) => void;

/** Forwards complete requests to n8n and n8n's answers to the sender. */
export function forwarder({ port, behindProxy }: Upstream, lanes: Limits['lanes']): Forward {
  // One connection per request: n8n may close a kept connection at the moment an alert is written to it.
  const agentOf = (lane: Lane): Agent => new Agent({ keepAlive: false, maxSockets: lanes[lane] });
  const agents = { alerts: agentOf('alerts'), people: agentOf('people'), uploads: agentOf('uploads') };

  return (request, response, lane, body) => {
    const headers = forN8n(request, behindProxy);
    const { method = 'GET', url = '/' } = request;
    const upstream = send({
      host: '127.0.0.1',
      port,
      method,
      path: url,
      agent: agents[lane],
      headers: body === undefined ? headers : { ...headers, 'content-length': body.length },
    });
    upstream.on('response', (from) => {
      response.writeHead(from.statusCode ?? 502, endToEnd(from.headers));
      from.pipe(response);
      from.on('error', () => response.destroy());
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else
        answer(response, 503, 'n8n does not answer. It may be starting: try again, and look at its log.', {
          'retry-after': '5',
        });
    });
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  };
}
