import { setTimeout as pause } from 'node:timers/promises';

import { listObjects } from '../../adapters/kubernetes/api/customObjects';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { CUSTOM_RESOURCES } from '../../core/names';
import { forgetHeartbeats, heartbeatIncidents, sendHeartbeat } from './support/heartbeat';
import { logged, post, query } from './support/incident';
import { settleIncidents } from './support/incidents';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

/** Two scrapes of the stack's Prometheus. */
const SCRAPED_MS = 5000;
const LAST = 'max(incident_pipeline_heartbeat_timestamp_seconds)';

/** Every count of incidents that is not 0, as Pushgateway has it: after an upgrade further ones begin at 0; times go on by themselves. */
async function incidentCounts(): Promise<string[]> {
  const exposition = await (await fetch(`${stack.urls.pushgateway}/metrics`)).text();
  return exposition
    .split('\n')
    .filter(
      (line) =>
        /^incident_pipeline_(?!sensor_message_)\w+_(total|bucket|count|sum)\{/.test(line) && !line.endsWith(' 0'),
    )
    .sort();
}

const approvals = async () =>
  (await listObjects(await connectResponder(stack), CUSTOM_RESOURCES.approvals)).items.length;

test('a heartbeat goes through the door to its gauge and log line, and does nothing else', async () => {
  await settleIncidents(stack);
  await forgetHeartbeats(stack);
  await pause(SCRAPED_MS);
  const [counts, asked, before] = [await incidentCounts(), await approvals(), Math.floor(Date.now() / 1000)];

  const { status, body } = await sendHeartbeat(stack, 'node-1');
  expect(status).toBe(202);
  const { incident } = JSON.parse(body) as { incident: string };
  expect(await logged(stack, incident)).toMatchObject({
    event: 'sensor',
    decision: 'ignore',
    decidedBy: 'playbook',
    response: null,
    escalation: null,
    approval: null,
    run: { questions: 0 },
  });
  await until('the heartbeat in Prometheus', 20, async () => ((await query(stack, LAST)) >= before ? true : undefined));
  expect(await incidentCounts()).toEqual(counts);
  expect(await approvals()).toBe(asked);

  const others = await Promise.all(['node-2', 'node-3'].map((node) => sendHeartbeat(stack, node)));
  for (const other of others) expect(JSON.parse(other.body)).toMatchObject({ status: 'accepted', repeated: 1 });
  expect(await heartbeatIncidents(stack)).toHaveLength(1);
});

test('a heartbeat without the secret shows nothing', async () => {
  const before = await query(stack, LAST);
  const { status } = await post(stack, '{"rule":"Falco internal: metrics snapshot"}', { secret: 'another-secret' });
  expect(status).toBe(401);
  await pause(SCRAPED_MS);
  expect(await query(stack, LAST)).toBe(before);
});
