import { CustomObjectsApi, setHeaderOptions } from '@kubernetes/client-node';

import { configOf } from '../../cluster/local/kubernetes/client';
import { expectRefusal } from './support/admission';
import {
  breakGlassConfig,
  dismissTenant,
  mightyResponderConfig,
  plainAdministratorConfig,
  responderConfig,
  tenantConfig,
} from './support/identities';
import { anotherUid } from './support/incident';
import {
  approval,
  type Body,
  expectInvalid,
  incident,
  INCIDENT_STATUS,
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
const UID = anotherUid();
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
  [
    'Quarantine',
    () => quarantine(anotherUid()),
    { state: 'Quarantined', contained: 'partial', gaps: [{ key: 'open', text: 'open' }] },
  ],
  ['Approval', () => approval(), { state: 'Approved', decision: 'quarantine_pod', decidedBy: 'ann', via: 'form' }],
  ['NeoTask', () => neoTask(), { state: 'running', taskId: 'a-task' }],
  ['Incident', () => incident(), { ...INCIDENT_STATUS, state: 'Settled', count: 2 }],
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
    // Nor by the responder while it is new (admission.pruning.test.ts), and never many at once: RBAC sees to that.
    await expectRefusal(responder.deleteNamespacedCustomObject({ ...RECORDS, plural, name }), REFUSALS.notFinal);
    await expectRefusal(
      responder.deleteCollectionNamespacedCustomObject({ ...RECORDS, plural }),
      'cannot deletecollection resource',
    );
  });

  test('is deleted by the break-glass group, which cannot change what it says', async () => {
    const body = make();
    const [plural, name] = [pluralOf(body), await create(responder, body)];
    await setStatus(responder, plural, name, status);
    await expectInvalid(
      patchRecord(breakGlass, plural, name, { spec: { incident: 'another', rule: 'another' } }),
      'does not change',
    );
    // Nor can the responder, whichever right a binding of somebody's may give it.
    const mighty = recordsApi(mightyResponderConfig());
    await expectInvalid(
      patchRecord(mighty, plural, name, { spec: { incident: 'another', rule: 'another' } }),
      'does not change',
    );
    await breakGlass.deleteNamespacedCustomObject({ ...RECORDS, plural, name });
    made.pop();
  });
});

test('an incident that was opened again does not go back to an earlier opening', async () => {
  const [plural, name] = ['incidents', await create(responder, incident())];
  await setStatus(responder, plural, name, { ...INCIDENT_STATUS, opening: 2 });
  await expectInvalid(setStatus(responder, plural, name, INCIDENT_STATUS), 'does not go back');
  await expectInvalid(setStatus(responder, plural, name, undefined), 'does not go back');
});

test('a decision is made once', async () => {
  const [plural, name] = ['approvals', await create(responder, approval())];
  const status = { state: 'Rejected', decidedBy: 'ann', via: 'form', decidedAt: TIME };
  await setStatus(responder, plural, name, status);
  await setStatus(responder, plural, name, status);
  await expectInvalid(setStatus(responder, plural, name, { ...status, state: 'Approved' }), 'does not change');
  await expectInvalid(setStatus(responder, plural, name, undefined), 'does not change');
});

test('what became of a decision is added to it, once, and changes nothing of it', async () => {
  const [plural, name] = ['approvals', await create(responder, approval())];
  const pods = [{ namespace: 'shop', name: 'a', uid: 'uid-a', alertTime: TIME, joinedAt: TIME }];
  const decided = {
    state: 'Approved',
    decision: 'quarantine_pod',
    decidedBy: 'ann',
    via: 'form',
    decidedAt: TIME,
    decidedPods: 2,
    priority: 'critical',
    pods,
  };
  await setStatus(responder, plural, name, decided);
  const again = { ...decided, startedAgain: 1, startedAgainAt: TIME };
  await setStatus(responder, plural, name, again);
  for (const change of [
    { state: 'Rejected', decision: undefined },
    { decision: 'delete_pod' },
    { decidedBy: 'eve' },
    { via: 'link' },
    { decidedAt: '2030-01-01T00:00:00Z' },
    { decidedPods: 1 },
    { priority: 'emergency' },
    { pods: [] },
    { decidedBy: undefined },
    { decidedPods: undefined },
  ])
    await expectInvalid(setStatus(responder, plural, name, { ...again, ...change }), 'does not change');
  await setStatus(responder, plural, name, { ...again, carriedOut: 'done' });
  for (const carriedOut of ['given_up', undefined])
    await expectInvalid(setStatus(responder, plural, name, { ...again, carriedOut }), 'does not change');
});

describe('the pods of an Approval', () => {
  const pod = (name: string) => ({ namespace: 'shop', name, uid: `uid-${name}`, alertTime: TIME, joinedAt: TIME });
  const plural = 'approvals';

  test('are appended while it waits, and neither changed, moved nor removed', async () => {
    const name = await create(responder, approval());
    await setStatus(responder, plural, name, { pods: [pod('a')] });
    await setStatus(responder, plural, name, { pods: [pod('a'), pod('b')] });
    for (const pods of [[pod('b'), pod('a')], [pod('a')], [pod('a'), pod('c')], [], undefined])
      await expectInvalid(setStatus(responder, plural, name, { pods }), 'pods that joined stay');
    await expectInvalid(setStatus(responder, plural, name, undefined), 'pods that joined stay');
    const decided = { state: 'Approved', decision: 'quarantine_pod', decidedPods: 2, pods: [pod('a'), pod('b')] };
    await setStatus(responder, plural, name, decided);
    const more = { ...decided, pods: [...decided.pods, pod('c')] };
    await expectInvalid(setStatus(responder, plural, name, more), 'a decision that was made does not change');
  });

  test('are at most twenty, and a decision holds for no more than are named', async () => {
    const name = await create(responder, approval());
    const pods = Array.from({ length: 20 }, (_, index) => pod(`p${index}`));
    await setStatus(responder, plural, name, { pods });
    await expectInvalid(
      setStatus(responder, plural, name, { pods: [...pods, pod('q')] }),
      'must have at most 20 items',
    );
    const rejected = { state: 'Rejected', pods };
    await expectInvalid(setStatus(responder, plural, name, { ...rejected, decidedPods: 22 }), 'decidedPods');
    await setStatus(responder, plural, name, { ...rejected, decidedPods: 21 });
    const alone = await create(responder, approval());
    await expectInvalid(setStatus(responder, plural, alone, { state: 'Rejected', decidedPods: 2 }), 'that are named');
    await expectInvalid(setStatus(responder, plural, alone, { decidedPods: 1 }), 'that are named');
  });
});

test('the priority of an Approval rises while it waits, and is neither lowered nor removed', async () => {
  const plural = 'approvals';
  const name = await create(responder, approval());
  for (const priority of ['warning', 'error', 'error', 'unknown'])
    await setStatus(responder, plural, name, { priority });
  for (const status of [{ priority: 'emergency' }, {}, undefined, { state: 'Rejected' }])
    await expectInvalid(setStatus(responder, plural, name, status), 'a priority that was raised is not lowered');
  await expectInvalid(setStatus(responder, plural, name, { priority: 'dire' }), 'Unsupported value');
  await setStatus(responder, plural, name, { state: 'Rejected', priority: 'unknown' });
});

test.each<[string, object]>([
  ['approval that says nothing of what is to be done', { state: 'Approved' }],
  ['rejection that says what is to be done', { state: 'Rejected', decision: 'delete_pod' }],
])('an %s is refused', async (_what, status) => {
  const name = await create(responder, approval());
  await expectInvalid(setStatus(responder, 'approvals', name, status), 'says what is to be done');
});

describe('the state of a Quarantine', () => {
  const ended = ['Released', 'Evicted', 'Deleted', 'Gone', 'Abandoned'];
  const plural = 'quarantines';
  const inState = async (state: string | undefined): Promise<string> => {
    const name = await create(responder, quarantine(anotherUid()));
    if (state !== undefined) await setStatus(responder, plural, name, { state });
    return name;
  };

  test('is left by no record that has ended, whatever is changed of it', async () => {
    for (const state of ended) {
      const name = await inState(state);
      for (const status of [
        { state: 'Quarantined' },
        { state: 'Mismatch' },
        { state, note: 'rewritten' },
        {},
        undefined,
        ...ended.filter((other) => other !== state).map((other) => ({ state: other })),
      ])
        await expectInvalid(setStatus(responder, plural, name, status), 'has ended does not change');
      await setStatus(responder, plural, name, { state });
    }
  });

  test('is not taken away or abandoned once the isolation was verified', async () => {
    for (const state of ['Quarantined', 'Mismatch'])
      for (const status of [undefined, {}, { state: 'Abandoned' }])
        await expectInvalid(
          setStatus(responder, plural, await inState(state), status),
          'neither forgotten nor abandoned',
        );
  });

  test('goes every way that the responder goes', async () => {
    const open = [undefined, 'Quarantined', 'Mismatch'];
    for (const from of open)
      for (const to of ['Quarantined', 'Mismatch', 'Released', 'Evicted', 'Deleted', 'Gone'])
        await setStatus(responder, plural, await inState(from), { state: to });
    await setStatus(responder, plural, await inState(undefined), { state: 'Abandoned' });
  });

  test('is one of those that the responder knows', async () => {
    await expectInvalid(setStatus(responder, plural, await inState(undefined), { state: 'Free' }), 'Unsupported value');
  });
});

test('the record of a pod in quarantine is not rewritten in steps either: released, changed, isolated again', async () => {
  const body = quarantine(anotherUid());
  const [plural, name] = ['quarantines', await create(responder, body)];
  const mighty = recordsApi(mightyResponderConfig());
  const rewrite = () => patchRecord(mighty, plural, name, { spec: { originalLabels: { app: 'admin' } } });
  await expectInvalid(rewrite(), 'does not change');
  await setStatus(responder, plural, name, { state: 'Quarantined' });
  await expectInvalid(rewrite(), 'does not change');
  await setStatus(responder, plural, name, { state: 'Released' });
  await expectInvalid(rewrite(), 'does not change');
  await expectInvalid(setStatus(responder, plural, name, { state: 'Quarantined' }), 'has ended does not change');
  expect(await responder.getNamespacedCustomObject({ ...RECORDS, plural, name })).toMatchObject({
    spec: body.spec,
    status: { state: 'Released' },
  });
});

test("the second isolation of a pod has a record of its own, found by the pod's uid", async () => {
  const uid = anotherUid();
  for (const name of [uid, `${uid}.2`, `${uid}.10`]) await create(responder, quarantine(uid, name));
  const list = (await responder.listNamespacedCustomObject({
    ...RECORDS,
    plural: 'quarantines',
    fieldSelector: `spec.pod.uid=${uid}`,
  })) as { items: { metadata: { name: string } }[] };
  expect(list.items.map(({ metadata }) => metadata.name).sort()).toEqual([uid, `${uid}.10`, `${uid}.2`]);
});

test("an incident's task stays the same", async () => {
  const [plural, name] = ['neotasks', await create(responder, neoTask())];
  await setStatus(responder, plural, name, { state: 'running', taskId: 'one' });
  await setStatus(responder, plural, name, { state: 'fixed', taskId: 'one' });
  await expectInvalid(setStatus(responder, plural, name, { state: 'running', taskId: 'two' }), 'does not change');
  await expectInvalid(setStatus(responder, plural, name, undefined), 'does not change');
});

test("what is settled of an incident's task stays settled, unless Neo refused it", async () => {
  const settledAt = TIME;
  const settled = async (status: object): Promise<string> => {
    const name = await create(responder, neoTask());
    await setStatus(responder, 'neotasks', name, { settledAt, ...status });
    return name;
  };
  const change = (name: string, status: object | undefined) => setStatus(responder, 'neotasks', name, status);
  for (const state of ['fixed', 'not_fixed', 'failed', 'closed']) {
    const name = await settled({ state, taskId: 'one' });
    await expectInvalid(change(name, { state: 'running', taskId: 'one', settledAt }), 'stays settled');
    await expectInvalid(change(name, { state, taskId: 'one' }), 'stays settled');
    await expectInvalid(change(name, { taskId: 'one', settledAt }), 'stays settled');
    await change(name, { state, taskId: 'one', settledAt, told: ['outcome'] });
  }
  const unknown = await settled({ state: 'unknown' });
  await expectInvalid(change(unknown, undefined), 'stays settled');
  await change(unknown, { state: 'unknown', taskId: 'late', settledAt });
  await change(unknown, { state: 'closed', taskId: 'late', settledAt });
  // Asked again, after what was wrong was mended.
  await change(await settled({ state: 'refused' }), { askedAt: TIME, repository: 'github.com/acme/other' });
});

test.each<[string, Body, string]>([
  ['a Quarantine under a number that is none', quarantine(UID, `${UID}.1`), 'uid of its pod'],
  ["a Quarantine under a name that only begins like its pod's uid", quarantine(UID, `${UID}-2`), 'uid of its pod'],
  ["a Quarantine under another name than its pod's uid", quarantine(anotherUid(), 'web'), 'uid of its pod'],
  ['an Approval under another name', approval('incident-1'), 'incident- and 32 hex digits'],
  ['a NeoTask under another name', neoTask('incident-1'), 'incident- and 32 hex digits'],
])('%s is refused', async (_what, body, message) => {
  await expectInvalid(create(responder, body), message);
});

test.each([
  ['quarantines', ['Namespace', 'Pod', 'State', 'Reason', 'Until', 'Incident']],
  ['responsepolicies', ['Mode', 'Window', 'Cluster']],
  [
    'approvals',
    [
      ...['Kind', 'Namespace', 'Subject', 'Rule', 'Priority', 'Raised To', 'State', 'Decision', 'By', 'Expires'],
      ...['Incident', 'Source'],
    ],
  ],
  ['neotasks', ['State', 'Task', 'Repository', 'Organization', 'Claimed', 'Settled', 'Incident']],
])('kubectl get %s shows what a person asks for', async (plural, columns) => {
  const table = (await responder.listNamespacedCustomObject(
    { ...RECORDS, plural },
    setHeaderOptions('Accept', 'application/json;as=Table;v=v1;g=meta.k8s.io'),
  )) as { columnDefinitions: { name: string }[] };
  expect(table.columnDefinitions.map(({ name }) => name)).toEqual(['Name', ...columns]);
});
