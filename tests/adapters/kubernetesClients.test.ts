import { setTimeout as pause } from 'node:timers/promises';

import { connect, type KubernetesClient, MOST_CLIENTS } from '../../adapters/kubernetes/api/client';
import { responderWatches } from '../../adapters/kubernetes/api/watch/watches';
import { answerList, type ListApi, listApi, untilSo } from '../support/listApi';

const clientOf = ({ url }: ListApi, token: string): Promise<KubernetesClient> =>
  connect({ server: url, certificate: { text: '' }, token: { text: token } });

/** Starts a watch, as a first alert does. */
async function watching(server: ListApi, token: string): Promise<KubernetesClient> {
  const client = await clientOf(server, token);
  responderWatches(client).namespaces.list();
  return client;
}

const isOpen = ({ open }: ListApi, token: string): boolean => [...open.values()].includes(`Bearer ${token}`);

test('a client that makes way for others ends its watches; one that is in use stays', async () => {
  const server = await listApi();
  const [dropped, kept] = [await watching(server, 'dropped'), await watching(server, 'kept')];
  await untilSo('both watch', () => isOpen(server, 'dropped') && isOpen(server, 'kept'));
  for (let other = 1; other < MOST_CLIENTS; other += 1) {
    await clientOf(server, `other-${other}`);
    expect(await clientOf(server, 'kept')).toBe(kept);
  }
  await untilSo('the first has ended', () => !isOpen(server, 'dropped'));
  expect(isOpen(server, 'kept')).toBe(true);
  // Code that still holds it reads by calls, and starts no watch again.
  expect(responderWatches(dropped).namespaces.list()).toBeNull();
  await pause(50);
  expect(isOpen(server, 'dropped')).toBe(false);
  await server.close();
});

test('a watch that is dropped while it lists does not begin after that', async () => {
  const server = await listApi({ holdLists: true });
  await watching(server, 'listing');
  await untilSo('it lists', () => server.lists.length === 1);
  for (let other = 0; other < MOST_CLIENTS; other += 1) await clientOf(server, `another-${other}`);
  server.lists.forEach(answerList);
  await pause(100);
  await untilSo('nothing is watched', () => server.open.size === 0);
  await server.close();
});
