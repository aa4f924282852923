import { connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { nothingWaits } from '../e2e/support/approvals';
import { Editor } from '../e2e/support/editor';
import { logged, send } from '../e2e/support/incident';
import { N8n } from '../e2e/support/n8n';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { store } from './store';

jest.setTimeout(300_000);

let stack: Stack;
let editor: Editor;

beforeAll(async () => {
  stack = await startStack();
  editor = await Editor.start(stack);
}, FIRST_START_MS);

afterAll(async () => {
  await (editor as Editor | undefined)?.stop();
});

test('an incident that isolated a pod, as an execution', async () => {
  const n8n = await N8n.connect(stack);
  const { incident } = await send(stack, connect(), 'pod-quarantine-test');
  await logged(stack, incident);
  const execution = await until('the execution', 30, async () => {
    const [latest] = await n8n.executions(stack.workflowId, '&status=success');
    return latest?.id;
  });
  await editor.openExecution(stack.workflowId, execution);
  store('an-execution', await editor.pictureOfPage());
});

test('the page on which a person decides', async () => {
  const cluster = connect();
  await nothingWaits(cluster);
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  await editor.openApproval();
  store('the-approval-page', await editor.pictureOfPage());
});
