import { CoreV1Api, type CustomObjectsApi, NetworkingV1Api } from '@kubernetes/client-node';

import { configOf } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { LABELS } from '../../core/names';
import type { PolicySpec } from '../../core/response/quarantine';
import { expectRefusal } from './support/admission';
import { dismissTenant, mightyResponderConfig, tenantConfig } from './support/identities';
import { anotherUid } from './support/incident';
import { quarantine, recordsApi, RECORDS, setStatus } from './support/recordsApi';
import { FIRST_START_MS, startCluster } from './support/stack';

/** A namespace of the test's own, which opted in, and one that has nothing to do with it. */
const namespace = `e2e-opens-${Date.now()}`;
const elsewhere = `${namespace}-else`;
const REFUSED = 'allows traffic of pod web, which is in quarantine (incident falco-1)';

type Spec = PolicySpec & Required<Pick<PolicySpec, 'podSelector'>> & { ingress?: object[]; egress?: object[] };

let tenant: NetworkingV1Api;
let breakGlass: NetworkingV1Api;
let core: CoreV1Api;
let records: CustomObjectsApi;
const made: string[] = [];

beforeAll(async () => {
  await startCluster();
  core = configOf().makeApiClient(CoreV1Api);
  for (const name of [namespace, elsewhere])
    await core.createNamespace({ body: { metadata: { name, labels: { [LABELS.response]: 'observe' } } } });
  tenant = (await tenantConfig(namespace)).makeApiClient(NetworkingV1Api);
  breakGlass = configOf().makeApiClient(NetworkingV1Api);
  records = recordsApi(mightyResponderConfig());
}, FIRST_START_MS);

afterEach(async () => {
  for (const name of made.splice(0))
    await recordsApi(configOf()).deleteNamespacedCustomObject({ ...RECORDS, plural: 'quarantines', name });
  await until('every policy is let through again', 20, () => isLetThrough({ podSelector: {}, egress: [{}] }));
  const { items } = await breakGlass.listNamespacedNetworkPolicy({ namespace });
  for (const { metadata } of items)
    await breakGlass.deleteNamespacedNetworkPolicy({ namespace, name: metadata?.name ?? '' });
});

afterAll(async () => {
  await dismissTenant(namespace);
  for (const name of [namespace, elsewhere]) await core.deleteNamespace({ name });
});

/** The record of a pod that had the labels `app: web` and `tier: front`. */
async function recordOf(status: object | undefined, pod: { namespace: string } = { namespace }): Promise<string> {
  const uid = anotherUid();
  const record = quarantine(uid);
  const originalLabels = { app: 'web', tier: 'front' };
  const body = { ...record, spec: { ...record.spec, pod: { ...record.spec.pod, ...pod }, originalLabels } };
  await records.createNamespacedCustomObject({ ...RECORDS, plural: 'quarantines', body });
  made.push(uid);
  if (status !== undefined) await setStatus(records, 'quarantines', uid, status);
  return uid;
}

const create = (spec: Spec, name = 'ours', api = tenant) =>
  api.createNamespacedNetworkPolicy({ namespace, body: { metadata: { name }, spec } });

/** As the API server's own dry run; it learns of a record a moment after it was made. */
const rehearse = (spec: Spec) =>
  tenant.createNamespacedNetworkPolicy({ namespace, dryRun: 'All', body: { metadata: { name: 'rehearsed' }, spec } });

async function isLetThrough(spec: Spec): Promise<true | undefined> {
  return rehearse(spec).then(
    () => true as const,
    () => undefined,
  );
}

/** Until the API server's own view of the records has caught up. */
const untilHeld = (spec: Spec) =>
  until('the record is known to admission', 20, async () => ((await isLetThrough(spec)) ? undefined : true));

const EVERYTHING: Spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };
const by = (key: string, operator: string, values?: string[]): Spec => ({
  ...EVERYTHING,
  podSelector: { matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] },
});
const labelled = (matchLabels: Record<string, string>): Spec => ({
  ...EVERYTHING,
  podSelector: { matchLabels },
});
const excluding = (podSelector: Spec['podSelector']): Spec => ({
  ...EVERYTHING,
  podSelector: {
    ...podSelector,
    matchExpressions: [{ key: LABELS.quarantined, operator: 'DoesNotExist' }],
  },
});

/** Which of a tenant's policies select a pod in quarantine: one that has lost its own labels, and one that kept them. */
const SELECTORS: [string, Spec, { detached: boolean; kept: boolean }][] = [
  ['everything', EVERYTHING, { detached: true, kept: true }],
  ['everything, for what comes in', { podSelector: {}, ingress: [{}] }, { detached: true, kept: true }],
  ['the mark', labelled({ [LABELS.quarantined]: 'true' }), { detached: true, kept: true }],
  ['the mark by an expression', by(LABELS.quarantined, 'In', ['false', 'true']), { detached: true, kept: true }],
  ['whatever has the mark', by(LABELS.quarantined, 'Exists'), { detached: true, kept: true }],
  ['whatever is no database', by('app', 'NotIn', ['db']), { detached: true, kept: true }],
  ['whatever has no app', by('app', 'DoesNotExist'), { detached: true, kept: false }],
  ['whatever is not web', by('app', 'NotIn', ['web']), { detached: true, kept: false }],
  ['web', labelled({ app: 'web' }), { detached: false, kept: true }],
  ['web of the mark', labelled({ app: 'web', [LABELS.quarantined]: 'true' }), { detached: false, kept: true }],
  ['web or db', by('app', 'In', ['web', 'db']), { detached: false, kept: true }],
  ['whatever has an app', by('app', 'Exists'), { detached: false, kept: true }],
  ['db', labelled({ app: 'db' }), { detached: false, kept: false }],
  ['what has no mark', excluding({}), { detached: false, kept: false }],
  ['web without the mark', excluding({ matchLabels: { app: 'web' } }), { detached: false, kept: false }],
  ['another value of the mark', by(LABELS.quarantined, 'NotIn', ['true']), { detached: false, kept: false }],
  ['nothing that it allows', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, { detached: false, kept: false }],
];

async function judged(spec: Spec, refused: boolean): Promise<void> {
  if (refused) await expectRefusal(rehearse(spec), REFUSED);
  else await rehearse(spec);
}

test('where no pod is in quarantine every policy is made as ever', async () => {
  await recordOf({ state: 'Released', detached: true });
  await recordOf({ state: 'Quarantined', detached: true }, { namespace: elsewhere });
  for (const [, spec] of SELECTORS) await rehearse(spec);
});

test('a policy that selects a detached pod in quarantine and allows something is refused, and no other', async () => {
  await recordOf({ state: 'Quarantined', detached: true });
  await untilHeld(EVERYTHING);
  for (const [, spec, { detached }] of SELECTORS) await judged(spec, detached);
});

test('the same for a pod in quarantine that kept its labels', async () => {
  await recordOf({ state: 'Quarantined', detached: false });
  await untilHeld(EVERYTHING);
  for (const [, spec, { kept }] of SELECTORS) await judged(spec, kept);
});

test('while an isolation is under way the pod may have its labels or not', async () => {
  await recordOf(undefined);
  await untilHeld(EVERYTHING);
  for (const [, spec, { detached, kept }] of SELECTORS) await judged(spec, detached || kept);
});

test('a policy that was there keeps its spec, loses the pod, or goes', async () => {
  await create(EVERYTHING);
  await recordOf({ state: 'Mismatch', detached: true });
  await untilHeld(EVERYTHING);
  const replace = (spec: Spec, labels: Record<string, string> = {}) =>
    tenant.replaceNamespacedNetworkPolicy({
      namespace,
      name: 'ours',
      body: { metadata: { name: 'ours', labels }, spec },
    });
  await replace(EVERYTHING, { team: 'a' });
  await expectRefusal(replace({ ...EVERYTHING, policyTypes: ['Ingress', 'Egress'], ingress: [{}] }), REFUSED);
  await replace(excluding({}));
  await expectRefusal(replace(EVERYTHING), REFUSED);
  await tenant.deleteNamespacedNetworkPolicy({ namespace, name: 'ours' });
});

test('the refusal says what to add', async () => {
  await recordOf({ state: 'Quarantined', detached: true });
  await untilHeld(EVERYTHING);
  await expectRefusal(create(EVERYTHING), '{key: security/quarantined, operator: DoesNotExist}');
  await create(excluding({}));
});

test('the break-glass group opens a pod in quarantine', async () => {
  await recordOf({ state: 'Quarantined', detached: true });
  await untilHeld(EVERYTHING);
  await create(EVERYTHING, 'theirs', breakGlass);
});

// Each record judges each new policy, and a tenant chooses how long its policy is: the product must stay small.
test('a selector too long to be judged is refused, however many pods are in quarantine', async () => {
  for (let count = 0; count < 20; count++) await recordOf({ state: 'Quarantined', detached: false });
  await untilHeld(EVERYTHING);
  const values = Array.from({ length: 2_000 }, (_, index) => `v${index}`);
  const expressions = Array.from({ length: 4 }, () => ({ key: 'app', operator: 'NotIn', values }));
  const long = { ...EVERYTHING, podSelector: { matchExpressions: expressions } };
  await expectRefusal(rehearse(long), 'at most 64 matchLabels and 32 matchExpressions with 128 values each');
});

test('a selector of the greatest length is judged', async () => {
  await recordOf({ state: 'Quarantined', detached: false });
  await untilHeld(EVERYTHING);
  const others = Array.from({ length: 128 }, (_, index) => `v${index}`);
  const without = (values: string[]): Spec => ({
    ...EVERYTHING,
    podSelector: { matchExpressions: Array.from({ length: 32 }, () => ({ key: 'app', operator: 'NotIn', values })) },
  });
  await expectRefusal(rehearse(without(others)), REFUSED);
  await rehearse(without([...others.slice(1), 'web']));
});
