import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PatchStrategy, type V1Pod } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { createObject } from '../../adapters/kubernetes/api/customObjects';
import { whoAmI } from '../../adapters/kubernetes/api/whoAmI';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { CUSTOM_RESOURCES, LABELS, NAMESPACES } from '../../core/names';
import { newRecord } from '../../core/response/record';
import { alertOf, contextOf } from '../support/alerts';
import { createPods, deletePods, targetOf } from './support/pods';
import { AMPLE, setPolicy } from './support/policy';
import { recordStatus } from './support/records';
import { connectResponder, responderAccess, run } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const namespace = NAMESPACES.playground;

let stack: Stack;
let admin: Cluster;
let responder: KubernetesClient;
let pods: V1Pod[] = [];

beforeAll(async () => {
  stack = await startStack();
  admin = connect();
  responder = await connectResponder(stack);
  await setPolicy(admin, { budget: AMPLE });
}, FIRST_START_MS);
afterEach(() => deletePods(admin, pods.splice(0)));

async function pod(name: string): Promise<V1Pod> {
  pods = await createPods(admin, name, 1);
  return pods[0] ?? {};
}

const incidentOf = (pod: V1Pod) => ({
  alert: alertOf('pod-quarantine-test', { target: targetOf(pod), time: new Date().toISOString() }),
});

const patch = (object: object) =>
  admin.objects.patch(object as never, undefined, undefined, 'e2e', undefined, PatchStrategy.MergePatch);

const read = ({ metadata }: V1Pod) => admin.core.readNamespacedPod({ namespace, name: metadata?.name ?? '' });

test('a pod that is being deleted is isolated while it lasts, and the response says so', async () => {
  const dying = await pod('dying');
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: dying.metadata?.name } };
  await patch({ ...object, metadata: { ...object.metadata, finalizers: ['example.com/keep'] } });
  await admin.core.deleteNamespacedPod({ namespace, name: dying.metadata?.name ?? '', gracePeriodSeconds: 0 });
  try {
    const response = await run('quarantine_pod', responder, incidentOf(dying));
    expect(response).toMatchObject({ outcome: 'done' });
    expect(response.checked).toContainEqual(expect.stringContaining('deletion was asked for'));
  } finally {
    await patch({ ...object, metadata: { ...object.metadata, finalizers: null } });
  }
});

test("a namespace's label lowered in the middle of an incident stops the action that was decided before", async () => {
  const target = await pod('lowered');
  const incident = incidentOf(target);
  const decided = { ...incident, context: contextOf(incident.alert) };
  const label = (value: string) =>
    patch({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { [LABELS.response]: value } } });
  await label('observe');
  try {
    expect(await run('quarantine_pod', responder, decided)).toMatchObject({
      outcome: 'refused',
      guardrails: ['effective_mode'],
      changed: [],
    });
    expect((await read(target)).metadata?.labels).not.toHaveProperty([LABELS.quarantined]);
  } finally {
    await label('autonomous');
  }
  expect(await run('quarantine_pod', responder, decided)).toMatchObject({ outcome: 'done' });
});

test('an alert that names another cluster isolates no pod here, although one has the name that it gives', async () => {
  const namesake = await pod('namesake');
  const { alert } = incidentOf(namesake);
  const incident = {
    alert: {
      ...alert,
      target: { ...targetOf(namesake), podUid: null },
      time: new Date(Date.now() + 2_000).toISOString(),
      infrastructure: { cluster_name: 'staging' },
    },
  };
  await setPolicy(admin, { clusterName: 'production' });
  try {
    expect(await run('quarantine_pod', responder, incident)).toMatchObject({
      outcome: 'refused',
      guardrails: ['another_cluster'],
      reason: expect.stringContaining('of the cluster staging, and pods are acted on in production') as unknown,
      changed: [],
    });
    await setPolicy(admin, { clusterName: 'staging' });
    expect(await run('quarantine_pod', responder, incident)).toMatchObject({ outcome: 'done' });
  } finally {
    await setPolicy(admin, { clusterName: null });
  }
});

test('a field that the definitions of the cluster do not have is named in an Event, and the record is kept without it', async () => {
  const target = await pod('newer');
  const { metadata, ...record } = newRecord({
    incident: 'newer',
    pod: { namespace, name: target.metadata?.name ?? '', uid: target.metadata?.uid ?? '' },
    originalLabels: {},
    decision: { decision: 'quarantine_pod', by: 'person', reason: 'a newer package' },
    requestedAt: new Date().toISOString(),
    until: new Date().toISOString(),
  });
  const newer = { ...record, metadata, spec: { ...record.spec, ofANewerPackage: { since: 2 } } };
  const made = await createObject(responder, CUSTOM_RESOURCES.quarantines, newer);
  expect(made.spec).not.toHaveProperty('ofANewerPackage');
  const note = await until('the Event', 10, async () => {
    const { items } = await admin.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
    return items.find(({ message }) => message?.includes('spec.ofANewerPackage'));
  });
  expect(note).toMatchObject({
    reason: 'DefinitionsOutdated',
    message: expect.stringMatching(/Apply manifests\/crds/) as unknown,
  });
});

test('a clock that is off is named, and nothing is done by it', async () => {
  const target = await pod('clock');
  for (const hours of [-2, 2]) {
    const now = () => new Date(Date.now() + hours * 3_600_000);
    expect(await run('quarantine_pod', responder, incidentOf(target), { now })).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/clock is 7\d\d\d s .*NTP/) as string,
      changed: [],
    });
  }
});

test('an expired token is named as such', async () => {
  const key = createPrivateKey(readFileSync(join(stack.logs, '../kubernetes/service-account.key'), 'utf8'));
  const { token } = responderAccess(stack);
  const [header = '', payload = ''] = ('text' in token ? token.text : '').split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
  const past = Math.floor(Date.now() / 1000) - 3600;
  const body = `${header}.${Buffer.from(JSON.stringify({ ...claims, exp: past, iat: past - 60, nbf: past - 60 })).toString('base64url')}`;
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const expired = { ...responderAccess(stack), token: { text: `${body}.${signature}` } };
  await expect(whoAmI(expired, new Date())).rejects.toMatchObject({
    code: 'forbidden',
    nextStep: expect.stringContaining('token has expired') as string,
  });
});

test('a label without a record counts as not quarantined: it is recorded and isolated, and never released by the label', async () => {
  const marked = await pod('marked');
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: marked.metadata?.name } };
  await patch({ ...object, metadata: { ...object.metadata, labels: { [LABELS.quarantined]: 'true' } } });
  expect(await run('release_pod', responder, incidentOf(marked))).toMatchObject({ outcome: 'refused', changed: [] });
  expect(await run('quarantine_pod', responder, incidentOf(marked))).toMatchObject({ outcome: 'done' });
  expect(await recordStatus(responder, marked)).toMatchObject({ state: 'Quarantined' });
});

test('a pod in quarantine that somebody changed is reported, and not touched again', async () => {
  const changed = await pod('changed');
  await run('quarantine_pod', responder, incidentOf(changed));
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: changed.metadata?.name } };
  await patch({ ...object, metadata: { ...object.metadata, labels: { [LABELS.quarantined]: null } } });
  expect(await run('quarantine_pod', responder, incidentOf(changed))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('not as its record says') as string,
    changed: [],
  });
  expect(await recordStatus(responder, changed)).toMatchObject({ state: 'Mismatch' });
  expect(await run('release_pod', responder, incidentOf(changed))).toMatchObject({ outcome: 'failed', changed: [] });
});

test('a release of a pod that is gone changes nothing, and says so in the record', async () => {
  const gone = await pod('gone');
  await run('quarantine_pod', responder, incidentOf(gone));
  await admin.core.deleteNamespacedPod({ namespace, name: gone.metadata?.name ?? '', gracePeriodSeconds: 0 });
  const [successor] = await createPods(admin, 'gone', 1);
  expect(await run('release_pod', responder, incidentOf(gone))).toMatchObject({ outcome: 'replaced', changed: [] });
  expect((await read(gone)).metadata).toMatchObject({
    uid: successor?.metadata?.uid,
    resourceVersion: successor?.metadata?.resourceVersion,
  });
  expect(await recordStatus(responder, gone)).toMatchObject({ state: 'Gone' });
});

test('a record that somebody else prepared for a pod is refused by the API server', async () => {
  const target = await pod('forged');
  const record = newRecord({
    incident: 'forged',
    pod: { namespace, name: target.metadata?.name ?? '', uid: target.metadata?.uid ?? '' },
    originalLabels: { app: 'admin' },
    decision: { decision: 'quarantine_pod', by: 'person', reason: 'forged' },
    requestedAt: new Date().toISOString(),
    until: new Date().toISOString(),
  });
  await expect(admin.objects.create(record as never)).rejects.toMatchObject({ code: 403 });
  await expect(
    createObject(responder, CUSTOM_RESOURCES.quarantines, {
      ...record,
      metadata: { ...record.metadata, name: 'other' },
    }),
  ).rejects.toMatchObject({
    code: 'rejected',
  });
});
