import type { V1Pod } from '@kubernetes/client-node';

import { until } from '../../cluster/local/process/wait';
import { NAMESPACES } from '../../core/names';
import { alertOf } from '../support/alerts';
import { accepted, logged, send } from '../e2e/support/incident';
import { alertOn, targetOf } from '../e2e/support/pods';
import { run as act } from '../e2e/support/responder';
import { deploy, isLeftOut } from './support/deploy';
import { evidence, SAID, talkativePod } from './support/evidence';
import { type KindStack, kindStack, versions } from './support/stack';
import { NEXT_SUBTITLE, SUBTITLE, subtitle, upgrade } from './support/upgrade';

const INSTALL_MS = 30 * 60_000;

let kind: KindStack;

beforeAll(async () => {
  await deploy('--down');
  expect((await deploy()).code).toBe(0);
  kind = await kindStack();
}, INSTALL_MS);

afterAll(() => {
  kind.close();
});

const read = (name: string): Promise<V1Pod> =>
  kind.cluster.core.readNamespacedPod({ namespace: NAMESPACES.playground, name });

async function proof(): Promise<Record<string, string>> {
  const { data = {} } = await kind.cluster.core.readNamespacedConfigMap({
    name: 'incident-pipeline-proof',
    namespace: NAMESPACES.responder,
  });
  return data;
}

test(
  'a second run changes nothing and repeats no proof',
  async () => {
    const before = await versions();
    const { code, output } = await deploy();
    expect([code, output.includes('Nothing changed since the last proof')]).toEqual([0, true]);
    expect(await versions()).toEqual(before);
  },
  INSTALL_MS,
);

test('the proof says what a quarantine is worth on this network, and K8s Quarantine goes by it', async () => {
  const found = await proof();
  expect(found.alert).toMatch(/pod isolated \d+ ms after the POST/);
  expect(found.decision).toMatch(/^quarantine_pod/);
  const { enforced, cutsOpenConnections } = await attested();
  expect(found['new-connections']).toMatch(enforced ? /^cut both ways/ : /^OPEN/);
  // Each verdict rests on connections that were seen standing, by their numbers; without them it is UNKNOWN.
  const held = ['inbound', 'outbound', 'control'].map((stream) => {
    const text = found['held-connections'] ?? '';
    const [, first, before, end] =
      new RegExp(`${stream} connection \\d+ carried (\\d+) to (\\d+) .* and (\\d+) in the end`).exec(
        text.split('; ').join('\n'),
      ) ?? [];
    return { stream, before: Number(before) - Number(first), after: Number(end) - Number(before) };
  });
  for (const { before } of held) expect(before).toBeGreaterThanOrEqual(2);
  // Two numbers a second and more for the time in which it is watched: a connection that goes on has them.
  const alive = held.filter(({ after }) => after > 30).map(({ stream }) => stream);
  expect(alive).toContain('control');
  if (cutsOpenConnections) expect(alive).toEqual(['control']);
  else expect(alive.length).toBeGreaterThan(1);
  expect(found['open-connections']).toMatch(cutsOpenConnections ? /^cut/ : enforced ? /^SURVIVE/ : /^open/);
  expect(found['after-release']).toBe(enforced ? 'both ways open again' : 'unchanged');
  expect(found.falcosidekick).toMatch(isLeftOut('falco') ? /^not installed$/ : /^refuses/);
});

async function attested(): Promise<{ enforced: boolean; cutsOpenConnections: boolean }> {
  const policy = await kind.cluster.objects.read({
    apiVersion: 'incident-pipeline.internal/v1alpha1',
    kind: 'ResponsePolicy',
    metadata: { name: 'default', namespace: NAMESPACES.responder },
  });
  return (policy as unknown as { spec: { network: { enforced: boolean; cutsOpenConnections: boolean } } }).spec.network;
}

test('n8n runs as the responder, without root, on a read-only file system, with one short-lived token', async () => {
  const { items } = await kind.cluster.core.listNamespacedPod({ namespace: NAMESPACES.responder });
  expect(items).toHaveLength(1);
  const [pod] = items;
  expect(pod?.spec).toMatchObject({
    serviceAccountName: 'n8n-responder',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
  });
  for (const { securityContext } of pod?.spec?.containers ?? [])
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  const tokens = (pod?.spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  expect(tokens.filter(({ serviceAccountToken }) => serviceAccountToken !== undefined)).toMatchObject([
    { serviceAccountToken: { expirationSeconds: 3600 } },
  ]);
});

test('an alert deletes its pod, and keeps what its containers had written', async () => {
  const pod = await talkativePod(kind.cluster);
  const incident = await accepted(kind.stack, await alertOn('pod-delete-test', pod));
  expect(await logged(kind.stack, incident)).toMatchObject({ decision: 'delete_pod', response: { outcome: 'done' } });
  expect(await evidence(kind.stack, incident, 'logs')).toContain(SAID);
  await expect(read(pod.metadata?.name ?? '')).rejects.toMatchObject({ code: 404 });
}, 120_000);

test('an alert isolates its pod; it says how far that goes here; a release gives its labels back', async () => {
  const { incident, pod } = await send(kind.stack, kind.cluster, 'pod-quarantine-test');
  const { enforced, cutsOpenConnections } = await attested();
  expect(await logged(kind.stack, incident)).toMatchObject({
    decision: 'quarantine_pod',
    response: { outcome: 'done', contained: enforced && cutsOpenConnections ? 'full' : 'partial' },
  });
  expect((await read('pod-quarantine-test')).metadata?.labels).toMatchObject({ 'security/quarantined': 'true' });
  const alert = alertOf('pod-quarantine-test', { target: targetOf(pod), time: new Date().toISOString() });
  expect(await act('release_pod', kind.responder, { alert })).toMatchObject({ outcome: 'done' });
  const released = await read('pod-quarantine-test');
  expect([released.metadata?.uid, released.metadata?.labels]).toEqual([pod.metadata?.uid, pod.metadata?.labels]);
}, 120_000);

test(
  'a new image brings its nodes to a volume that is there; deploy.sh brings its own back',
  async () => {
    expect(await subtitle(kind.stack)).toBe(SUBTITLE);
    await upgrade();
    // The NodePort goes on to the new pod a moment after it is ready.
    expect(await until('n8n', 30, () => subtitle(kind.stack))).toBe(NEXT_SUBTITLE);
    expect((await deploy()).code).toBe(0);
    expect(await until('n8n', 30, () => subtitle(kind.stack))).toBe(SUBTITLE);
  },
  INSTALL_MS,
);

test('--status shows the memory of each namespace, all within 8 GiB, on one screen', async () => {
  const { code, output } = await deploy('--status');
  expect(code).toBe(0);
  expect(output).toMatch(/^ +\d+ {2}n8n, 1 pod$/m);
  expect(output.trimEnd().split('\n').length).toBeLessThan(24);
  const [, total = ''] = /; (\d+) the node/m.exec(output) ?? [];
  expect(Number(total)).toBeLessThan(8192);
}, 60_000);

test(
  'after --down there is nothing left, and no part of it to stop',
  async () => {
    const { code } = await deploy('--down');
    expect(code).toBe(0);
    expect((await deploy('--status')).output).toContain('There is no cluster');
  },
  INSTALL_MS,
);
