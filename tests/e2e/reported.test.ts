import { randomUUID } from 'node:crypto';

import { clusterOf } from '../../adapters/kubernetes/cluster';
import { ensureRecord } from '../../adapters/kubernetes/resources/records';
import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { type Cluster, connect, freshPod } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { N8n } from './support/n8n';
import { failingNotify, notifyBy } from './support/notify';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const PREFIX = 'e2e reported ';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

let stack: Stack;
let cluster: Cluster;
let responder: KubernetesClient;
let n8n: N8n;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  responder = await connectResponder(stack);
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
}, FIRST_START_MS);
afterEach(() => n8n.deleteWorkflows(PREFIX));
afterAll(() => n8n.deleteCredentials());

/** Publishes the workflow Quarantine Review as it is committed, but every ten seconds. Returns its id. */
async function reviewing(notify?: string): Promise<string> {
  const workflow = await n8n.workflow('quarantine-review');
  if (notify !== undefined) notifyBy(workflow, notify);
  for (const node of workflow.nodes)
    if (node.name === 'Every 15 Minutes')
      node.parameters = { rule: { interval: [{ field: 'seconds', secondsInterval: 10 }] } };
  return n8n.publish({ ...workflow, name: `${PREFIX}${randomUUID()}` });
}

test('an isolation that did not come about is reported by Quarantine Review until a message was sent, and ends then', async () => {
  const pod = await freshPod(cluster, 'escalate-test');
  const { name = '', namespace = '', uid = '', labels = {} } = pod.metadata ?? {};
  const begun = minutesAgo(11);
  await ensureRecord(
    { client: responder, dryRun: false, now: () => begun },
    {
      incident: `e2e-reported-${randomUUID()}`,
      pod: { namespace, name, uid },
      originalLabels: labels,
      decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'e2e' },
      requestedAt: begun.toISOString(),
      until: minutesAgo(-60).toISOString(),
    },
    null,
  );
  const status = async () => (await clusterOf(responder).findRecord(uid))?.status;

  const failing = await reviewing(await failingNotify(n8n, `${PREFIX}no answer`));
  await until('an execution that failed', 120, async () =>
    (await n8n.executions(failing)).some(({ status: how }) => how === 'error') ? true : undefined,
  );
  const report = (await status())?.reporting;
  expect(report).toMatchObject({ cause: 'not_isolated', tries: 1 });
  expect((await status())?.state).toBeUndefined();
  await n8n.deleteWorkflows(PREFIX);

  // As if the time of the next report had come.
  if (report !== undefined)
    await clusterOf(responder).markRecord(uid, { reporting: { ...report, at: minutesAgo(11).toISOString() } });
  await reviewing();
  const ended = await until('the report confirmed', 120, async () => {
    const now = await status();
    return now?.toldAt === undefined ? undefined : now;
  });
  expect(ended).toMatchObject({ state: 'Abandoned' });
  expect(ended.reporting).toBeUndefined();
}, 300_000);
