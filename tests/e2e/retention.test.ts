import { CustomObjectsApi } from '@kubernetes/client-node';
import { z } from 'zod/v4';

import { kubernetesClaims } from '../../adapters/kubernetes/resources/neoTasks';
import { waitingApprovals } from '../../adapters/kubernetes/resources/approvals';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { openRecords } from '../../adapters/kubernetes/resources/records';
import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { listObjects } from '../../adapters/kubernetes/api/customObjects';
import { settleQuiet } from '../../app/incidents/settleQuiet';
import { type Cluster, configOf, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { CUSTOM_RESOURCES, JOB, NAMESPACES } from '../../core/names';
import { CONFIGURATION } from '../support/alerts';
import { age } from './support/etcd';
import { anotherUid } from './support/incident';
import { N8n, type WorkflowJson } from './support/n8n';
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
  setStatus,
  TIME,
} from './support/recordsApi';
import { connectResponder } from './support/responder';
import { responderConfig } from './support/identities';
import { FIRST_START_MS, startStack } from './support/stack';

/** Of the names of workflows that belong to this file. */
const PREFIX = 'e2e retention ';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let responder: CustomObjectsApi;
let client: KubernetesClient;
const made: { plural: string; name: string }[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  responder = recordsApi(responderConfig(stack));
  client = await connectResponder(stack);
}, FIRST_START_MS);
afterEach(async () => {
  await n8n.deleteWorkflows(PREFIX);
  for (const one of made.splice(0))
    await recordsApi(configOf())
      .deleteNamespacedCustomObject({ ...RECORDS, ...one })
      .catch((error: unknown) => {
        if ((error as { code?: number }).code !== 404) throw error;
      });
});
afterAll(() => n8n.deleteCredentials());

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

async function aged(body: Body, status: object): Promise<Made> {
  const record = await create(body, status);
  await age(record.plural, record.name, 31);
  return record;
}

/** One of our records, about an incident of its own. */
function about<B extends Body>(body: B, id: string, change: object = {}): B {
  return { ...body, spec: { ...body.spec, ...('incident' in body.spec ? { incident: id } : {}), ...change } };
}

const isThere = async (record: Made): Promise<boolean> =>
  responder.getNamespacedCustomObject({ ...RECORDS, ...record }).then(
    () => true,
    (error: unknown) => {
      if ((error as { code?: number }).code === 404) return false;
      throw error;
    },
  );

/** The branch of Quarantine Review that prunes, every five seconds. */
async function pruning(lokiCredential?: string): Promise<string> {
  const { nodes, connections, settings } = await n8n.workflow('quarantine-review');
  const branch = new Set(['Every Hour', 'Get Expired Records', 'Log Last Line', 'Prune Records', 'Stop: Not Pruned']);
  const chosen = nodes
    .filter(({ name }) => branch.has(name))
    .map((node) =>
      node.name === 'Every Hour'
        ? { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } } }
        : node.name === 'Log Last Line' && lokiCredential !== undefined
          ? { ...node, credentials: { lokiApi: { id: lokiCredential, name: 'e2e lokiApi' } } }
          : node,
    );
  expect(chosen.map(({ name }) => name).sort()).toEqual([...branch].sort());
  const workflow: WorkflowJson = {
    name: `${PREFIX}${anotherUid()}`,
    nodes: chosen,
    connections: Object.fromEntries(Object.entries(connections).filter(([name]) => branch.has(name))),
    settings: { ...settings, errorWorkflow: undefined },
  };
  return n8n.publish(workflow);
}

const answer = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});

/** The last lines of a record in Loki. */
async function lastLines(name: string): Promise<Record<string, unknown>[]> {
  const query = new URLSearchParams({
    query: `{job="${JOB}"} | event="pruned" |= "${name}"`,
    start: `${Date.now() - 600_000}000000`,
  });
  const response = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${query.toString()}`);
  const { data } = answer.parse(await response.json());
  return data.result.flatMap(({ values }) => values.map(([, line]) => JSON.parse(line) as Record<string, unknown>));
}

const gone = (record: Made) =>
  until(`${record.plural} ${record.name} pruned`, 40, async () => ((await isThere(record)) ? undefined : true));

const SETTLED = { ...INCIDENT_STATUS, state: 'Settled', reason: 'a test' };
const REJECTED = { state: 'Rejected', decidedBy: 'ann', via: 'form', decidedAt: TIME };
const FIXED = { state: 'fixed', taskId: 'one', settledAt: TIME };

test('Quarantine Review prunes what is final, old and needed by nothing, and its last line is in Loki', async () => {
  const id = anotherUid();
  const records = {
    Incident: await aged(incident(), { ...SETTLED, incident: id }),
    Approval: await aged(about(approval(), id), REJECTED),
    Quarantine: await aged(about(quarantine(anotherUid()), id), { state: 'Released', changedAt: TIME }),
    NeoTask: await aged(about(neoTask(), id), FIXED),
  };
  const young = await create(about(approval(), anotherUid()), REJECTED);
  // Of an incident that a person still has to decide on.
  const open = anotherUid();
  await create(incident(), { ...INCIDENT_STATUS, state: 'Waiting', incident: open });
  const needed = [await aged(about(approval(), open), REJECTED), await aged(about(neoTask(), open), FIXED)];
  // An earlier isolation of a pod that is isolated again.
  const uid = anotherUid();
  needed.push(await aged(about(quarantine(uid), anotherUid()), { state: 'Released', changedAt: TIME }));
  await create(about(quarantine(uid, `${uid}.2`), anotherUid()), { state: 'Quarantined' });
  // One that a future version wrote: it is not the responder's to judge.
  const unreadable = await aged(
    about(approval(), anotherUid(), { requestedAt: '2026-01-01T00:00:00+01:00' }),
    REJECTED,
  );

  await pruning();
  for (const [kind, record] of Object.entries(records)) {
    await gone(record);
    const [line] = await until(`last line of ${record.name}`, 20, async () => {
      const lines = await lastLines(record.name);
      return lines.length > 0 ? lines : undefined;
    });
    expect(line).toMatchObject({
      event: 'pruned',
      kind,
      name: record.name,
      incident: id,
      state: expect.any(String) as string,
    });
  }
  expect((await lastLines(records.Approval.name))[0]).toMatchObject({ decidedBy: 'ann', details: { decidedAt: TIME } });
  for (const record of [young, unreadable, ...needed]) expect(await isThere(record)).toBe(true);
  const { items } = await cluster.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
  expect(
    items.filter(({ reason, message }) => reason === 'RecordUnreadable' && message?.includes(unreadable.name)),
  ).toHaveLength(1);
}, 120_000);

test('Quarantine Review deletes nothing whose last line it cannot log', async () => {
  const record = await aged(incident(), { ...SETTLED, incident: anotherUid() });
  const credential = await n8n.createCredential('lokiApi', { url: 'http://127.0.0.1:9' });
  const workflow = await pruning(credential);
  const failed = await until('two runs without Loki', 60, async () => {
    const executions = (await n8n.executions(workflow)).filter(({ status }) => status === 'error');
    return executions.length >= 2 ? executions : undefined;
  });
  for (const { id } of failed) {
    const { node, message } = await n8n.failure(id);
    expect([node, message]).toEqual(['Log Last Line', expect.stringContaining('Loki') as string]);
  }
  expect(await isThere(record)).toBe(true);
}, 120_000);

describe('a record that cannot be read', () => {
  const WRONG = { requestedAt: '2026-01-01T00:00:00+01:00' };

  test('hides no other Quarantine, Approval or NeoTask that is open, and is left as it is', async () => {
    const [uid, id] = [anotherUid(), anotherUid()];
    const spoiled = [
      await create(about(quarantine(anotherUid()), id, WRONG)),
      await create(about(approval(), id, WRONG)),
      await create(about(neoTask(), id, { claimedAt: WRONG.requestedAt })),
    ];
    await create(about(quarantine(uid), id));
    await create(about(approval(), id));
    await create(about(neoTask(), id));
    expect((await openRecords(client)).map(({ spec }) => spec.pod.uid)).toContain(uid);
    expect((await waitingApprovals(client)).filter(({ spec }) => spec.incident === id)).toHaveLength(1);
    expect((await kubernetesClaims(client).unsettled()).filter(({ spec }) => spec.incident === id)).toHaveLength(1);
    for (const { plural, name } of spoiled)
      expect(await responder.getNamespacedCustomObject({ ...RECORDS, plural, name })).not.toHaveProperty('status');
    const { items } = await cluster.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
    for (const { name } of spoiled)
      expect(
        items.filter(({ reason, message }) => reason === 'RecordUnreadable' && message?.includes(name)),
      ).toHaveLength(1);
  });
});

describe('what is listed', () => {
  test('is what is open, a hundred at a time, and never what ended', async () => {
    const id = anotherUid();
    const ended = await create(about(approval(), id), REJECTED);
    const waiting = await Promise.all(Array.from({ length: 120 }, () => create(about(approval(), id))));
    const { items } = await listObjects(client, CUSTOM_RESOURCES.approvals, 'status.state=');
    const names = items.map(({ metadata }) => metadata?.name);
    expect(names).toEqual(expect.arrayContaining(waiting.map(({ name }) => name)));
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain(ended.name);
  }, 60_000);

  test('of incidents has none that was settled and quiet for an hour, which is found by its name all the same', async () => {
    const store = kubernetesIncidents(client);
    const quiet = await create(incident(), { ...SETTLED, incident: anotherUid() });
    await settleQuiet(store, CONFIGURATION, new Date());
    const { items } = await listObjects(client, CUSTOM_RESOURCES.incidents, 'status.archived!=true');
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain(quiet.name);
    expect(await store.find(quiet.name)).toMatchObject({ status: { state: 'Settled', archived: true } });
    expect(await kubernetesIncidents(await connectResponder(stack)).peek(quiet.name)).toMatchObject({
      status: { archived: true },
    });
  });
});
