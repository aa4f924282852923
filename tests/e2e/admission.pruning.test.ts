import { CustomObjectsApi } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { kubernetesRetention } from '../../adapters/kubernetes/resources/retention';
import { prune } from '../../app/retention/prune';
import { configOf, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { RESPONSE_POLICY } from '../../core/names';
import { finalRecordOf, type RetainedKind } from '../../core/retention/finalRecord';
import { expectRefusal } from './support/admission';
import { age, changeStored } from './support/etcd';
import {
  breakGlassConfig,
  dismissTenant,
  mightyResponderConfig,
  responderConfig,
  tenantConfig,
} from './support/identities';
import { anotherUid } from './support/incident';
import { setPolicy } from './support/policy';
import {
  approval,
  type Body,
  incident,
  INCIDENT_STATUS,
  neoTask,
  pluralOf,
  quarantine,
  RECORDS,
  recordsApi,
  REFUSALS,
  setStatus,
  TIME,
} from './support/recordsApi';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startCluster } from './support/stack';

let responder: CustomObjectsApi;
let breakGlass: CustomObjectsApi;
let client: KubernetesClient;
const made: { plural: string; name: string }[] = [];

beforeAll(async () => {
  const stack = await startCluster();
  responder = recordsApi(responderConfig(stack));
  await tenantConfig(RECORDS.namespace);
  breakGlass = recordsApi(breakGlassConfig());
  client = await connectResponder(stack);
}, FIRST_START_MS);
beforeEach(() => kubernetesRetention(client).begin(new Date()));
afterEach(() => setPolicy(connect(), { retentionDays: null }));
afterAll(async () => {
  for (const one of made)
    await recordsApi(configOf())
      .deleteNamespacedCustomObject({ ...RECORDS, ...one })
      .catch((error: unknown) => {
        if ((error as { code?: number }).code !== 404) throw error;
      });
  await dismissTenant(RECORDS.namespace);
});

interface Made {
  plural: string;
  name: string;
}

async function create(body: Body, status?: object): Promise<Made> {
  const record = { plural: pluralOf(body), name: body.metadata.name };
  await responder.createNamespacedCustomObject({ ...RECORDS, plural: record.plural, body });
  made.push(record);
  if (status !== undefined) await setStatus(responder, record.plural, record.name, status);
  return record;
}

const remove = (record: Made, api = responder) => api.deleteNamespacedCustomObject({ ...RECORDS, ...record });
const read = async ({ plural, name }: Made) =>
  (await responder.getNamespacedCustomObject({ ...RECORDS, plural, name })) as {
    metadata: { resourceVersion: string; managedFields: { time: string }[] };
  };

/** The API server reads the ResponsePolicy from a watch of its own. */
const isDeleted = (record: Made) =>
  until(`${record.name} deleted`, 10, async () => {
    await remove(record);
    return true;
  });

const KINDS: [RetainedKind, () => Body, object, object[]][] = [
  [
    'Incident',
    incident,
    { ...INCIDENT_STATUS, state: 'Settled' },
    ['Open', 'Waiting', 'Contained'].map((state) => ({ ...INCIDENT_STATUS, state })),
  ],
  ['Approval', approval, { state: 'Rejected', decidedBy: 'ann', via: 'form', decidedAt: TIME }, []],
  [
    'Quarantine',
    () => quarantine(anotherUid()),
    { state: 'Released', changedAt: TIME },
    [{ state: 'Quarantined' }, { state: 'Mismatch' }],
  ],
  [
    'NeoTask',
    neoTask,
    { state: 'fixed', taskId: 'one', settledAt: TIME },
    [
      { state: 'running', taskId: 'one' },
      { state: 'fixed', taskId: 'one' },
      { state: 'running', taskId: 'one', settledAt: TIME },
    ],
  ],
];

describe.each(KINDS)('%s', (kind, make, final, open) => {
  test('is not deleted by the responder while it is new, whatever its state', async () => {
    await expectRefusal(remove(await create(make())), REFUSALS.notFinal);
    await expectRefusal(remove(await create(make(), final)), REFUSALS.notOld);
  });

  test('is not deleted by the responder while it is open, however old it is', async () => {
    for (const status of [undefined, ...open]) {
      const record = await create(make(), status);
      await age(record.plural, record.name, 400);
      await expectRefusal(remove(record), REFUSALS.notFinal);
    }
  });

  test('is not deleted by a responder that has just brought it to its end, however old it is', async () => {
    const record = await create(make());
    await age(record.plural, record.name, 400);
    await setStatus(responder, record.plural, record.name, final);
    await expectRefusal(remove(record), REFUSALS.notOld);
  });

  test('does not become old by times that the responder writes', async () => {
    const old = [{ manager: 'eve', operation: 'Update', apiVersion: 'v1', time: '2001-01-01T00:00:00Z' }];
    const body = make();
    const forged = {
      ...body,
      metadata: { ...body.metadata, creationTimestamp: '2001-01-01T00:00:00Z', managedFields: [] },
    };
    const record = await create(forged as Body, final);
    await expectRefusal(remove(record), REFUSALS.notOld);
    // Created long ago, and settled now with managedFields of the responder's own.
    const open = await create(make());
    await age(open.plural, open.name, 400);
    const live = await read(open);
    await responder.replaceNamespacedCustomObjectStatus({
      ...RECORDS,
      ...open,
      body: { ...live, metadata: { ...live.metadata, managedFields: old }, status: final },
    });
    expect((await read(open)).metadata.managedFields).not.toMatchObject(old);
    await expectRefusal(remove(open), REFUSALS.notOld);
  });

  test('is not deleted by the responder if nobody knows its age', async () => {
    const record = await create(make(), final);
    await age(record.plural, record.name, 400);
    await changeStored(record.plural, record.name, ({ metadata: { managedFields: _none, ...metadata }, ...rest }) => ({
      ...rest,
      metadata,
    }));
    await expectRefusal(remove(record), REFUSALS.notOld);
  });

  test('is deleted by the responder when it is final, and nobody changed it for 30 days', async () => {
    const [young, old] = [await create(make(), final), await create(make(), final)];
    await age(young.plural, young.name, 29);
    await age(old.plural, old.name, 31);
    await expectRefusal(remove(young), REFUSALS.notOld);
    await remove(old);
    await expect(read(old)).rejects.toMatchObject({ code: 404 });
  });

  test('is deleted only at the version that was found', async () => {
    const record = await create(make(), final);
    await age(record.plural, record.name, 31);
    const found = finalRecordOf(kind, await read(record));
    if (found === null) throw new Error('its age is not known');
    // Stored again without a difference that anybody sees: another version all the same.
    await changeStored(record.plural, record.name, (stored) => ({
      ...stored,
      metadata: { ...stored.metadata, generation: 9 },
    }));
    expect(await prune(kubernetesRetention(client), found)).toBe('kept');
    expect(await prune(kubernetesRetention(client), { ...found, uid: anotherUid() })).toBe('kept');
    const { resourceVersion } = (await read(record)).metadata;
    expect(await prune(kubernetesRetention(client), { ...found, resourceVersion })).toBe('pruned');
    expect(await prune(kubernetesRetention(client), { ...found, resourceVersion })).toBe('gone');
  });

  test('is deleted by the break-glass group at any time', async () => {
    await remove(await create(make()), breakGlass);
  });
});

describe('the age from which records are deleted', () => {
  const settled = () => create(incident(), { ...INCIDENT_STATUS, state: 'Settled' });

  test("is the ResponsePolicy's, which the responder cannot write", async () => {
    const record = await settled();
    await age(record.plural, record.name, 40);
    await setPolicy(connect(), { retentionDays: 50 });
    await until('a longer retention', 10, async () => {
      await expectRefusal(remove(record, recordsApi(mightyResponderConfig())), REFUSALS.notOld);
      return true;
    });
    await setPolicy(connect(), { retentionDays: 39 });
    await isDeleted(record);
    const another = await settled();
    await age(another.plural, another.name, 2);
    await setPolicy(connect(), { retentionDays: 1 });
    await isDeleted(another);
  });

  test('is not reached by a present that the responder makes up', async () => {
    const record = await settled();
    const live = (await responder.getNamespacedCustomObject({
      ...RECORDS,
      plural: 'responsepolicies',
      name: RESPONSE_POLICY,
    })) as { metadata: object; status: object };
    const future = [{ manager: 'eve', operation: 'Update', apiVersion: 'v1', time: '2101-01-01T00:00:00Z' }];
    const written = (await responder.replaceNamespacedCustomObjectStatus({
      ...RECORDS,
      plural: 'responsepolicies',
      name: RESPONSE_POLICY,
      body: {
        ...live,
        metadata: { ...live.metadata, managedFields: future },
        status: { ...live.status, prunedAt: '2101-01-01T00:00:00Z' },
      },
    })) as { metadata: { managedFields: { time: string }[] } };
    for (const { time } of written.metadata.managedFields) expect(Date.parse(time)).toBeLessThan(Date.now() + 60_000);
    // Admission reads the ResponsePolicy from a watch: once it has what was set later, it has this as well.
    const old = await settled();
    await age(old.plural, old.name, 2);
    await setPolicy(connect(), { retentionDays: 1 });
    await isDeleted(old);
    await expectRefusal(remove(record), REFUSALS.notOld);
  });
});
