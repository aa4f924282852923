import { setTimeout as pause } from 'node:timers/promises';

import { until } from '../../cluster/local/process/wait.js';
import type { Stack } from '../../cluster/local/stack.js';
import { N8n } from '../../tests/e2e/support/n8n.js';
import { runByHand } from '../../tests/e2e/support/runByHand.js';

const NAME = 'chaos reconcile';
/** After how long a pass counts as lost here: everything is quiet then, and nobody has to wait ten minutes. */
export const LOST_AFTER_MINUTES = 1;
const SCHEDULE = 'Every 5 Minutes';
const UNFINISHED: readonly string[] = ['new', 'running', 'waiting'];
/** Seldom, since n8n is what is measured. */
const POLL_MS = 3_000;
/** A busy machine compares thousands of events in minutes. */
const LONGEST_SECONDS = 600;

/** A copy of the workflow *Reconcile* that a run starts when it wants to. */
export interface Reconcile {
  /** Starts it, and waits for its end: what it admitted is then on its way. @throws Error if n8n does not start it, or it does not end */
  run: () => Promise<void>;
  remove: () => Promise<void>;
}

/** Makes the copy: as it is committed, but it takes a pass or an alert for lost sooner, and reads this run's stream. */
export async function makeReconcile(stack: Stack, stream: string): Promise<Reconcile> {
  const n8n = await N8n.connect(stack);
  const workflow = await n8n.workflow('reconcile');
  for (const { name, parameters } of workflow.nodes) {
    if (name === 'Restart Alerts') parameters.lostAfterMinutes = LOST_AFTER_MINUTES;
    if (name === "Read Falco's Output") Object.assign(parameters, { selector: `{job="${stream}"}`, graceSeconds: 10 });
  }
  const id = await n8n.create({ ...workflow, name: NAME });
  return {
    run: async () => untilEnded(n8n, id, await runByHand(stack, id, SCHEDULE)),
    remove: () => n8n.deleteWorkflow(id),
  };
}

async function untilEnded(n8n: N8n, workflow: string, execution: string): Promise<void> {
  await until(`the end of Reconcile (execution ${execution})`, LONGEST_SECONDS, async () => {
    await pause(POLL_MS);
    const executions = await n8n.executions(workflow);
    return executions.some(({ id, status }) => id === execution && !UNFINISHED.includes(status)) ? true : undefined;
  });
}
