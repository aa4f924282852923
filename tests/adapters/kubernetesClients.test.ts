import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { connect, type KubernetesClient, MOST_CLIENTS } from '../../adapters/kubernetes/api/client';
import { responderWatches } from '../../adapters/kubernetes/api/watch/watches';
import { type RunningServer, serve } from '../support/httpServer';

/** Answers lists at once, or when told to, and keeps watches open; remembers which are. */
interface Api extends RunningServer {
  open: Map<ServerResponse, string>;
  lists: ServerResponse[];
}

async function api({ holdLists = false } = {}): Promise<Api> {
  const open = new Map<ServerResponse, string>();
  const lists: ServerResponse[] = [];
  const server = await serve((request, response) => {
    const token = request.headers.authorization ?? '';
    response.setHeader('Content-Type', 'application/json');
    if (new URL(request.url ?? '', 'http://server').searchParams.get('watch') === 'true') {
      open.set(response, token);
      response.on('close', () => open.delete(response));
      response.flushHeaders();
      return;
    }
    lists.push(response);
    if (!holdLists) answerList(response);
  });
  return { ...server, open, lists };
}

function answerList(response: ServerResponse): void {
  response.end(
    JSON.stringify({ apiVersion: 'v1', kind: 'NamespaceList', metadata: { resourceVersion: '1' }, items: [] }),
  );
}

/** Polls: what is waited for comes over a socket. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error(`not so: ${what}`);
    await pause(10);
  }
}

const clientOf = ({ url }: Api, token: string): Promise<KubernetesClient> =>
  connect({ server: url, certificate: { text: '' }, token: { text: token } });

/** Starts a watch, as a first alert does. */
async function watching(server: Api, token: string): Promise<KubernetesClient> {
  const client = await clientOf(server, token);
  responderWatches(client).namespaces.list();
  return client;
}

const isOpen = ({ open }: Api, token: string): boolean => [...open.values()].includes(`Bearer ${token}`);

test('a client that makes way for others ends its watches; one that is in use stays', async () => {
  const server = await api();
  const [dropped, kept] = [await watching(server, 'dropped'), await watching(server, 'kept')];
  await until('both watch', () => isOpen(server, 'dropped') && isOpen(server, 'kept'));
  for (let other = 1; other < MOST_CLIENTS; other += 1) {
    await clientOf(server, `other-${other}`);
    expect(await clientOf(server, 'kept')).toBe(kept);
  }
  await until('the first has ended', () => !isOpen(server, 'dropped'));
  expect(isOpen(server, 'kept')).toBe(true);
  // Code that still holds it reads by calls, and starts no watch again.
  expect(responderWatches(dropped).namespaces.list()).toBeNull();
  await pause(50);
  expect(isOpen(server, 'dropped')).toBe(false);
  await server.close();
});

test('a watch that is dropped while it lists does not begin after that', async () => {
  const server = await api({ holdLists: true });
  await watching(server, 'listing');
  await until('it lists', () => server.lists.length === 1);
  for (let other = 0; other < MOST_CLIENTS; other += 1) await clientOf(server, `another-${other}`);
  server.lists.forEach(answerList);
  await pause(100);
  await until('nothing is watched', () => server.open.size === 0);
  await server.close();
});
