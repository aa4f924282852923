import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Alerts } from './alerts';
import { refuse } from './answer';
import { BodyTooLarge, hasBody, readBody } from './body';
import { Connections } from './connections';
import { type Forwarder, forwarder, type GateUpstream } from './forward';
import { HEADER_BYTES, HEADER_COUNT, type Lane, type Limits, LIMITS } from './limits';
import type { RepeatLimits, Repeats } from './repeats/repeats';
import { admit, isTunnel, laneWithoutBody } from './routes';
import { tunnel } from './tunnel';
import type { TurnLimits } from './urgent/turns';

interface GateOptions extends GateUpstream {
  limits?: Limits;
  repeatLimits?: RepeatLimits;
  turnLimits?: TurnLimits;
  /** Is called with the reason of requests and connections that are refused. */
  turnedAway?: (reason: string, count?: number) => void;
}

export interface Gate {
  server: Server;
  connections: Connections;
  repeats: Repeats;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * The server before n8n. n8n only receives requests that are complete, small enough and of a media type that their path
 * accepts; unfinished requests wait here, within the limits.
 */
export function createGate({
  limits = LIMITS,
  repeatLimits,
  turnLimits,
  turnedAway = () => undefined,
  ...upstream
}: GateOptions): Gate {
  const connections = new Connections(limits, turnedAway);
  const toN8n = forwarder(upstream, limits.lanes);
  const lost = (count: number): void => {
    turnedAway('an answered repeat that n8n did not take', count);
  };
  const processes = Math.max(1, upstream.webhooks?.length ?? 0);
  const { reserved } = upstream;
  const alerts = new Alerts(toN8n, lost, { repeats: repeatLimits, turns: turnLimits, processes, reserved });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request, response, { connections, forward: toN8n.forward, alerts, turnedAway });
  };
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    keepAliveTimeout: limits.idleMilliseconds,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMilliseconds),
  });
  server.maxHeadersCount = HEADER_COUNT;
  server.timeout = limits.silentMilliseconds;
  server.on('connection', (socket: Socket) => {
    connections.open(socket);
  });
  server.on('request', handle);
  server.on('checkContinue', handle);
  let tunnels = 0;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (!isTunnel(request.url ?? '') || tunnels >= limits.tunnels) {
      turnedAway('a WebSocket');
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
      return;
    }
    tunnels += 1;
    socket.once('close', () => (tunnels -= 1));
    request.socket.setTimeout(0);
    connections.begin(request.socket);
    tunnel(request, socket, upstream);
  });
  return { server, connections, repeats: alerts.repeats };
}

interface Means {
  connections: Connections;
  forward: Forwarder['forward'];
  alerts: Alerts;
  turnedAway: (reason: string) => void;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { connections, forward, alerts, turnedAway }: Means,
): Promise<void> {
  const { socket, headers, url = '/', method = '' } = request;
  const turnAway = (status: number, reason: string, message: string): void => {
    turnedAway(reason);
    refuse(request, response, status, message);
  };
  // One request at a time per connection: pipelined requests would not be counted.
  if (connections.isBusy(socket)) {
    turnedAway('a pipelined request');
    socket.destroy();
    return;
  }
  const hand = (lane: Lane, body?: Buffer): void => {
    connections.begin(socket);
    response.once('close', () => {
      connections.end(socket);
    });
    const head = { url, headers, caller: socket.remoteAddress ?? '' };
    if (lane === 'alerts' && method === 'POST' && body !== undefined) alerts.receive(head, body, response);
    else forward({ ...head, method, lane, ...(body && { body }) }, response);
  };
  if (!METHODS.has(method)) {
    turnAway(405, 'method', 'This method is not accepted.');
    return;
  }
  if (!hasBody(request)) {
    hand(laneWithoutBody(url));
    return;
  }
  const admission = admit(url, headers['content-type']);
  if ('refusal' in admission) {
    turnAway(415, 'media type', admission.refusal);
    return;
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    turnAway(415, 'compressed body', 'Send the body without compression.');
    return;
  }
  const { lane, limit } = admission;
  try {
    if (headers.expect !== undefined && Number(headers['content-length'] ?? 0) <= limit) response.writeContinue();
    const body = await readBody(request, limit, (bytes) => {
      connections.hold(socket, bytes);
    });
    hand(lane, body);
  } catch (error) {
    if (error instanceof BodyTooLarge)
      turnAway(413, 'too large a body', `A body may have at most ${limit} bytes here.`);
    else turnedAway('an unfinished body');
  }
}
