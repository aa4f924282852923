import { randomUUID } from 'node:crypto';

import { connect, type KubernetesClient } from '../../adapters/kubernetes/api/client';
import { closeRecord } from '../../adapters/kubernetes/resources/records';
import { incidentSubject } from '../../adapters/kubernetes/state/incidentSubject';
import type { Alert, Target } from '../../core/incident/alert';
import type { TrustClass } from '../../core/sources/senders';
import { alertOf } from '../support/alerts';
import { type RunningServer, serve } from '../support/httpServer';

/** A pod of Deployment web, as its API objects say; and one that its record alone knows, since it was detached. */
const WEB = { namespace: 'shop', pod: 'web-1', podUid: 'uid-web-1' };
const DETACHED = { namespace: 'shop', pod: 'web-2', podUid: 'uid-web-2' };

const owned = (name: string, owner: object | null, more: object = {}) => ({
  metadata: {
    name,
    ...(owner === null ? {} : { ownerReferences: [{ controller: true, uid: 'u', ...owner }] }),
    ...more,
  },
  spec: { replicas: 2 },
  status: { readyReplicas: 2 },
});
const RECORD = {
  metadata: { name: DETACHED.podUid, uid: 'uid-record', resourceVersion: '7' },
  spec: {
    incident: 'an-incident',
    pod: { namespace: DETACHED.namespace, name: DETACHED.pod, uid: DETACHED.podUid },
    workload: { kind: 'Deployment', name: 'web' },
    originalLabels: { app: 'web' },
    decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'a test' },
    requestedAt: '2026-01-01T00:00:00Z',
    until: '2026-01-02T00:00:00Z',
  },
  status: { state: 'Quarantined', contained: 'full', gaps: [] },
};

let server: RunningServer;
let client: KubernetesClient;
let calls: string[];
/** Whether the API server knows the pod already. */
let isKnown: boolean;

beforeEach(async () => {
  [calls, isKnown] = [[], true];
  server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://server');
    calls.push(`${request.method ?? ''} ${pathname}`);
    const found = answerTo(pathname);
    response.writeHead(found === null ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found ?? { kind: 'Status', code: 404, message: 'not found' }));
  });
  client = await connect(
    { server: server.url, certificate: { text: '' }, token: { text: randomUUID() } },
    { watch: false },
  );
});
afterEach(() => server.close());

function answerTo(path: string): object | null {
  if (path.endsWith('/quarantines')) return { metadata: { resourceVersion: '7' }, items: [RECORD] };
  if (path.endsWith(`/quarantines/${DETACHED.podUid}`) || path.endsWith('/status')) return RECORD;
  if (path.endsWith('/namespaces/shop/pods/web-1'))
    return isKnown ? owned('web-1', { kind: 'ReplicaSet', name: 'web-abc' }, { uid: WEB.podUid }) : null;
  if (path.endsWith('/namespaces/shop/replicasets/web-abc'))
    return owned('web-abc', { kind: 'Deployment', name: 'web' });
  return null;
}

const about = (trust: TrustClass, target: Partial<Target>, change: Partial<Alert> = {}): Promise<object> => {
  const named = { ...WEB, container: null, image: null, ...target };
  const subject = { kind: 'Pod', namespace: named.namespace, name: named.pod };
  return incidentSubject(client, { ...alertOf('escalate-test'), trust, target: named, subject, ...change });
};
const DEPLOYMENT = { kind: 'Deployment', namespace: 'shop', name: 'web' };

test('incidentSubject: is the top owner of the pod, and is found again without a call', async () => {
  expect(await about('kernel', {})).toEqual(DEPLOYMENT);
  const before = calls.length;
  expect(await about('kernel', {})).toEqual(DEPLOYMENT);
  expect(calls).toHaveLength(before);
});

test.each<[string, Partial<Target>]>([
  ['namespace', { namespace: 'elsewhere' }],
  ['pod', { pod: 'web-9' }],
])(
  "incidentSubject: a report with a pod's uid and another %s changes nothing for Falco's alerts",
  async (_what, other) => {
    const reported = { kind: 'Node', namespace: null, name: 'worker-3' };
    expect(await about('report', other, { subject: reported })).toMatchObject(reported);
    expect(await about('kernel', {})).toEqual(DEPLOYMENT);
  },
);

test("incidentSubject: Falco's alert changes nothing for a report that names its pod's uid with another pod", async () => {
  expect(await about('kernel', {})).toEqual(DEPLOYMENT);
  expect(await about('report', { namespace: 'elsewhere' })).toMatchObject({ kind: 'Pod', namespace: 'elsewhere' });
});

test("incidentSubject: a report of a pod before it is known keeps its owner from no alert of Falco's", async () => {
  isKnown = false;
  expect(await about('report', {})).toMatchObject({ kind: 'Pod', name: 'web-1' });
  isKnown = true;
  expect(await about('kernel', {})).toEqual(DEPLOYMENT);
});

test('incidentSubject: what one alert says of a pod without an owner is not what the next one says', async () => {
  isKnown = false;
  const [one, other] = ['one', 'other'].map((name) => ({ kind: 'Image', namespace: null, name }));
  expect(await about('report', {}, { subject: one })).toMatchObject(one ?? {});
  expect(await about('report', {}, { subject: other })).toMatchObject(other ?? {});
});

test('incidentSubject: is by our record that of a detached pod, and of no other with its uid', async () => {
  expect(await about('kernel', DETACHED)).toEqual(DEPLOYMENT);
  expect(await about('report', { ...DETACHED, namespace: 'elsewhere' })).toMatchObject({ kind: 'Pod', name: 'web-2' });
});

test('closeRecord: ends the record of the pod that is gone, and none of another pod with its uid', async () => {
  const writes = () => calls.filter((call) => call.startsWith('PUT'));
  const gone = { ...DETACHED, container: null, image: null };
  for (const other of [{ namespace: 'elsewhere' }, { pod: 'web-9' }, { podUid: null }])
    await closeRecord(client, 'delete_pod', { ...gone, ...other }, new Date());
  expect(writes()).toEqual([]);
  await closeRecord(client, 'delete_pod', gone, new Date());
  expect(writes()).toHaveLength(1);
});
