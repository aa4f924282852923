import { setTimeout as pause } from 'node:timers/promises';

import { webhookRegistered } from '../../cluster/local/n8n/n8n';
import { follow, tasksOf } from '../../cluster/local/scenarios/scenarios';
import type { Stack } from '../../cluster/local/stack';
import { processes } from '../../cluster/local/process/supervisor';
import { until } from '../../cluster/local/process/wait';
import { deliver, incident, reported, taskOf, webhookOf } from './support/neo';
import { FIRST_START_MS, startStackWithSimulators } from './support/stack';

let stack: Stack;

beforeAll(async () => {
  stack = await startStackWithSimulators();
}, FIRST_START_MS);

afterAll(() => follow({ name: 'fixes' }));

describe('one task for one incident', () => {
  test('delivered twenty times at once', async () => {
    const one = await reported('critical-cve', 'with-context', { name: 'never-ends' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(stack, webhookOf(one.incident))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await taskOf(one);
    await quiet();
    expect(await tasksOf(one.incident)).toHaveLength(1);
    const { notes } = await incident(one.key);
    expect(notes.filter(({ content }) => content.includes('is looking for the cause'))).toHaveLength(1);
  }, 120_000);

  test('delivered twenty times before and after n8n was killed while Neo made the task', async () => {
    const one = await reported('privileged-pod', 'with-context', { name: 'slow', delayMilliseconds: 20_000 });
    void Promise.allSettled(Array.from({ length: 20 }, () => deliver(stack, webhookOf(one.incident))));
    await taskOf(one);
    await killN8n();
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(stack, webhookOf(one.incident))));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
    await quiet();
    expect(await tasksOf(one.incident)).toHaveLength(1);
  }, 180_000);
});

async function killN8n(): Promise<void> {
  const n8n = (await processes()).find(({ name }) => name === 'n8n');
  process.kill(n8n?.pid ?? Number.NaN, 'SIGKILL');
  await until("n8n's end", 20, async () =>
    (await processes()).some(({ name, pid }) => name === 'n8n' && pid === n8n?.pid) ? undefined : true,
  );
  await webhookRegistered();
  // While it starts, n8n answers by itself; only the node asks for a signature.
  await until("PagerDuty's webhook", 60, async () =>
    (await deliver({ ...stack, webhookSecret: "nobody's" }, '{}')).status === 401 ? true : undefined,
  );
}

/** Time for what was accepted to be worked off; nothing here is awaited that would show. */
const quiet = () => pause(5_000);
