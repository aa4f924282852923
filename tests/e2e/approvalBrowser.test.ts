import { connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { LABELS } from '../../core/names';
import { decisionLogged, nothingWaits } from './support/approvals';
import { DecisionForm } from './support/decisionForm';
import { logged, send } from './support/incident';
import { FIRST_START_MS, startStack } from './support/stack';

/** A busy machine draws slowly. */
jest.setTimeout(300_000);

const POD = 'escalate-test';
let stack: Stack;
let form: DecisionForm | undefined;

beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

afterAll(() => form?.close());

test("a person decides in a browser, by the stack's own form, and the pod is isolated", async () => {
  const cluster = connect();
  await nothingWaits(cluster);
  const { incident } = await send(stack, cluster, POD);
  await logged(stack, incident);

  form = await DecisionForm.open(stack);
  await form.submit();
  await form.choose(`playground/${POD}`);
  await form.submit();
  await form.shows('What shall be done?');
  await form.choose(/quarantine the pod/i);
  await form.submit();
  await form.shows('The pod is quarantined');

  await decisionLogged(stack, incident, 'quarantine_pod');
  expect((await findPod(cluster, POD))?.metadata?.labels).toHaveProperty([LABELS.quarantined]);
});
