import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { nothingWaits } from '../e2e/support/approvals';
import { Editor } from '../e2e/support/editor';
import { logged, send } from '../e2e/support/incident';
import { N8n } from '../e2e/support/n8n';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { ROOT } from '../support/manifests';

const FOLDER = join(ROOT, 'docs/pictures');
const LARGEST = 200_000;

jest.setTimeout(300_000);

let stack: Stack;
let editor: Editor;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  stack = await startStack();
  editor = await Editor.start(stack);
}, FIRST_START_MS);

afterAll(async () => {
  await (editor as Editor | undefined)?.stop();
});

const pictureOf = (name: string) => join(FOLDER, `${name}.png`);

test('an incident that isolated a pod, as an execution', async () => {
  const n8n = await N8n.connect(stack);
  const { incident } = await send(stack, connect(), 'pod-quarantine-test');
  await logged(stack, incident);
  const execution = await until('the execution', 30, async () => {
    const [latest] = await n8n.executions(stack.workflowId, '&status=success');
    return latest?.id;
  });
  await editor.openExecution(stack.workflowId, execution);
  await editor.pictureOfPage(pictureOf('an-execution'));
  expect(statSync(pictureOf('an-execution')).size).toBeLessThan(LARGEST);
});

test('the page on which a person decides', async () => {
  const cluster = connect();
  await nothingWaits(cluster);
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  await editor.openApproval();
  await editor.pictureOfPage(pictureOf('the-approval-page'));
  expect(statSync(pictureOf('the-approval-page')).size).toBeLessThan(LARGEST);
});
