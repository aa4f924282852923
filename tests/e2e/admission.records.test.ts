import { CustomObjectsApi, setHeaderOptions } from '@kubernetes/client-node';

import { configOf } from '../../cluster/local/kubernetes';
import { expectRefusal } from './support/admission';
import {
  breakGlassConfig,
  dismissTenant,
  plainAdministratorConfig,
  responderConfig,
  tenantConfig,
} from './support/identities';
import { anotherUid } from './support/incident';
import {
  approval,
  type Body,
  expectInvalid,
  neoTask,
  patchRecord,
  pluralOf,
  quarantine,
  RECORDS,
  recordsApi,
  REFUSALS,
  setStatus,
  TIME,
} from './support/recordsApi';
import { FIRST_START_MS, startCluster } from './support/stack';

let responder: CustomObjectsApi;
let administrator: CustomObjectsApi;
/** May do everything in the responder's namespace. */
let tenant: CustomObjectsApi;
let breakGlass: CustomObjectsApi;
const made: { plural: string; name: string }[] = [];

beforeAll(async () => {
  responder = recordsApi(responderConfig(await startCluster()));
  administrator = recordsApi(plainAdministratorConfig());
  tenant = recordsApi(await tenantConfig(RECORDS.namespace));
  breakGlass = recordsApi(breakGlassConfig());
}, FIRST_START_MS);
afterAll(async () => {
  for (const one of made) await recordsApi(configOf()).deleteNamespacedCustomObject({ ...RECORDS, ...one });
  await dismissTenant(RECORDS.namespace);
});

async function create(api: CustomObjectsApi, body: Body): Promise<string> {
  const plural = pluralOf(body);
  await api.createNamespacedCustomObject({ ...RECORDS, plural, body });
  made.push({ plural, name: body.metadata.name });
  return body.metadata.name;
}

describe.each<[string, () => Body, object]>([
  ['Quarantine', () => quarantine(anotherUid()), { state: 'Quarantined', contained: 'partial', reasons: ['open'] }],
  ['Approval', () => approval(), { state: 'Approved', decision: 'quarantine_pod', decidedBy: 'ann', via: 'form' }],
  ['NeoTask', () => neoTask(), { state: 'running', taskId: 'a-task' }],
])('%s', (_kind, make, status) => {
  test('is created and brought on by the responder', async () => {
    const body = make();
    const name = await create(responder, body);
    expect(await setStatus(responder, pluralOf(body), name, status)).toMatchObject({ spec: body.spec, status });
  });

  test('is created by nobody else', async () => {
    for (const api of [tenant, administrator, breakGlass]) await expectRefusal(create(api, make()), REFUSALS.created);
  });

  test('is brought on and deleted by nobody else', async () => {
    const body = make();
    const [plural, name] = [pluralOf(body), await create(responder, body)];
    for (const api of [tenant, administrator]) {
      await expectRefusal(setStatus(api, plural, name, status), REFUSALS.status);
      await expectRefusal(patchRecord(api, plural, name, { metadata: { labels: { a: 'b' } } }), REFUSALS.statusOnly);
      await expectRefusal(api.deleteNamespacedCustomObject({ ...RECORDS, plural, name }), REFUSALS.deleted);
      await expectRefusal(api.deleteCollectionNamespacedCustomObject({ ...RECORDS, plural }), REFUSALS.deleted);
    }
    await expectRefusal(setStatus(breakGlass, plural, name, status), REFUSALS.status);
    // Not by the responder either: this one RBAC sees to.
    await expectRefusal(responder.deleteNamespacedCustomObject({ ...RECORDS, plural, name }), 'cannot delete resource');
  });

  test('is deleted by the break-glass group, which cannot change what it says', async () => {
    const body = make();
    const [plural, name] = [pluralOf(body), await create(responder, body)];
    await setStatus(responder, plural, name, status);
    await expectInvalid(patchRecord(breakGlass, plural, name, { spec: { incident: 'another' } }), 'does not change');
    await breakGlass.deleteNamespacedCustomObject({ ...RECORDS, plural, name });
    made.pop();
  });
});

test('a decision is made once', async () => {
  const [plural, name] = ['approvals', await create(responder, approval())];
  const status = { state: 'Rejected', decidedBy: 'ann', via: 'form', decidedAt: TIME };
  await setStatus(responder, plural, name, status);
  await setStatus(responder, plural, name, status);
  await expectInvalid(setStatus(responder, plural, name, { ...status, state: 'Approved' }), 'does not change');
  await expectInvalid(setStatus(responder, plural, name, undefined), 'does not change');
});

test('an incident’s task stays the same', async () => {
  const [plural, name] = ['neotasks', await create(responder, neoTask())];
  await setStatus(responder, plural, name, { state: 'running', taskId: 'one' });
  await setStatus(responder, plural, name, { state: 'fixed', taskId: 'one' });
  await expectInvalid(setStatus(responder, plural, name, { state: 'running', taskId: 'two' }), 'does not change');
  await expectInvalid(setStatus(responder, plural, name, undefined), 'does not change');
});

test.each<[string, Body, string]>([
  ['a Quarantine under another name than its pod’s uid', quarantine(anotherUid(), 'web'), 'uid of its pod'],
  ['an Approval under another name', approval('incident-1'), 'incident- and 32 hex digits'],
  ['a NeoTask under another name', neoTask('incident-1'), 'incident- and 32 hex digits'],
])('%s is refused', async (_what, body, message) => {
  await expectInvalid(create(responder, body), message);
});

test.each([
  ['quarantines', ['Namespace', 'Pod', 'State', 'Reason', 'Until', 'Incident']],
  ['responsepolicies', ['Mode', 'Window', 'Cluster']],
  ['approvals', ['Namespace', 'Pod', 'Rule', 'State', 'Decision', 'By', 'Expires', 'Incident']],
  ['neotasks', ['State', 'Task', 'Repository', 'Organization', 'Claimed', 'Settled', 'Incident']],
])('kubectl get %s shows what a person asks for', async (plural, columns) => {
  const table = (await responder.listNamespacedCustomObject(
    { ...RECORDS, plural },
    setHeaderOptions('Accept', 'application/json;as=Table;v=v1;g=meta.k8s.io'),
  )) as { columnDefinitions: { name: string }[] };
  expect(table.columnDefinitions.map(({ name }) => name)).toEqual(['Name', ...columns]);
});
