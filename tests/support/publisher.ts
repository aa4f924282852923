import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a publisher answers a path. */
export type Answer = RequestListener | Buffer | string;

export interface Publisher {
  url: string;
  /** The paths that were requested. */
  requests: string[];
  answers: Map<string, Answer>;
  close: () => Promise<void>;
}

/** A server on loopback that publishes what a test gives it, and answers everything else with 404. */
export async function startPublisher(): Promise<Publisher> {
  const requests: string[] = [];
  const answers = new Map<string, Answer>();
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const answer = answers.get(path);
    if (typeof answer === 'function') answer(request, response);
    else if (answer === undefined) response.writeHead(404).end();
    else response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
