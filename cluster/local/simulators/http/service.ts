import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { HOST } from '../../process/ports.js';
import { adminRoutes } from './admin.js';
import { type Answer, type Asked, Refusal } from './answer.js';
import { type ErrorForm, Faults, saidBy } from './faults.js';
import { Requests } from './requests.js';
import { find, type Route } from './router.js';

/** Under it lies what only tests and deploy.sh ask; the real services have nothing there, and the egress hides it. */
export const ADMIN = '/_simulator/';

interface ServiceOptions {
  name: string;
  /** 0, the default, takes a free one. */
  port?: number;
  routes: Route[];
  /** Its own under `/_simulator/`, beside what every simulator has there. */
  admin: Route[];
  /** What a path that nothing serves is answered. */
  unknown: (asked: Asked) => Answer;
  errorForm: ErrorForm;
  /** Forgets what happened, not how it is configured. */
  reset: () => void | Promise<void>;
  log?: (line: string) => void;
}

export interface Service {
  url: string;
  requests: Requests;
  faults: Faults;
  close: () => Promise<void>;
}

/** A simulator's HTTP server on the loopback interface. */
export async function serve(options: ServiceOptions): Promise<Service> {
  const faults = new Faults();
  const requests = new Requests();
  const reset = async (): Promise<void> => {
    faults.clear();
    requests.clear();
    await options.reset();
  };
  const admin = [...adminRoutes({ faults, requests, reset }), ...options.admin];

  const answerTo = async (asked: Asked): Promise<Answer> => {
    const isAdmin = asked.path.startsWith(ADMIN);
    const fault = isAdmin ? undefined : faults.take(asked);
    if (fault !== undefined) {
      await pause(fault.delayMilliseconds);
      if (fault.drop === 'before') return 'drop';
      if (fault.status !== undefined) return saidBy(fault, fault.status, asked.path, options.errorForm);
    }
    const match = find(isAdmin ? admin : options.routes, asked.method, asked.path);
    if (match === undefined) return isAdmin ? { status: 404, body: { error: 'no such call' } } : options.unknown(asked);
    try {
      const answer = await match.route.answer({ ...asked, parts: match.parts });
      return fault?.drop === 'after' ? 'drop' : answer;
    } catch (error) {
      // A refusal is lost like any other answer.
      if (fault?.drop === 'after') return 'drop';
      throw error;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await read(request);
    const answer = await answerTo(asked).catch((error: unknown): Answer => {
      if (error instanceof Refusal) return error.said;
      options.log?.(
        `${options.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return { status: 500, body: options.errorForm(500, asked.path).body };
    });
    const status = send(answer, response);
    if (!asked.path.startsWith(ADMIN)) requests.add(asked, status);
    options.log?.(`${options.name} ${asked.method} ${asked.path} ${status}`);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy()); // the client went away while it spoke
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  // Not resolved against a base: `//host/path` is a path here, and not a host.
  const { pathname, searchParams } = new URL(`http://simulator${request.url ?? '/'}`);
  const { method = 'GET', headers } = request;
  return { method, path: pathname, query: searchParams, headers, parts: {}, body: await buffer(request) };
}

/** @returns the status, or `-` for a connection that was ended */
function send(answer: Answer, response: ServerResponse): string {
  if (answer === 'drop') {
    response.destroy();
    return '-';
  }
  if (typeof answer === 'function') {
    answer(response);
    return String(response.statusCode);
  }
  const { status, headers = {}, body } = answer;
  if (body === undefined) response.writeHead(status, headers).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return String(status);
}
