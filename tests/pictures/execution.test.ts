import { connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { Editor } from '../e2e/support/editor';
import { logged, send } from '../e2e/support/incident';
import { N8n } from '../e2e/support/n8n';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { loadWorkflow } from '../support/workflows';
import { store } from './store';

const PIPELINE = 'incident-pipeline';

/** A busy machine draws slowly. */
jest.setTimeout(300_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

test('the way of an alert through the pipeline, and what was done to its pod', async () => {
  const { incident } = await send(stack, connect(), 'pod-quarantine-test');
  await logged(stack, incident);
  const n8n = await N8n.connect(stack);
  const { id } = await until('the execution', 60, async () => (await n8n.executions(PIPELINE, '&status=success'))[0]);
  const editor = await Editor.start(stack);
  try {
    await editor.openExecution(PIPELINE, id);
    store('execution', await editor.takePicture(loadWorkflow(PIPELINE).nodes.length));
    store('execution-output', await (await editor.openNode('Quarantine Pod')).takePicture('response'));
  } finally {
    await editor.stop();
  }
});
