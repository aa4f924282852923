import { connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { nothingWaits } from '../e2e/support/approvals';
import { DecisionForm } from '../e2e/support/decisionForm';
import { Editor } from '../e2e/support/editor';
import { logged, send } from '../e2e/support/incident';
import { N8n } from '../e2e/support/n8n';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { store } from './store';

/** A busy machine draws slowly. */
jest.setTimeout(300_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

test('an alert that isolated its pod, as an execution of the pipeline', async () => {
  const { incident } = await send(stack, connect(), 'pod-quarantine-test');
  await logged(stack, incident);
  const n8n = await N8n.connect(stack);
  const execution = await until('the execution', 30, async () => {
    const [latest] = await n8n.executions(stack.workflowId, '&status=success');
    return latest?.id;
  });
  const editor = await Editor.start(stack);
  try {
    store('execution', await editor.takeExecutionPicture(stack.workflowId, execution, 'Quarantine Pod'));
  } finally {
    await editor.stop();
  }
});

test('the page on which a person decides', async () => {
  const cluster = connect();
  await nothingWaits(cluster);
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  const form = await DecisionForm.open(stack);
  try {
    await form.submit();
    await form.choose('playground/escalate-test');
    await form.submit();
    await form.shows('What shall be done?');
    store('decision-form', await form.takePicture());
  } finally {
    await form.close();
  }
});
