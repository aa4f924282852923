import { connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { nothingWaits } from '../e2e/support/approvals';
import { DecisionForm } from '../e2e/support/decisionForm';
import { logged, send } from '../e2e/support/incident';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { store } from './store';

/** A busy machine draws slowly. */
jest.setTimeout(300_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

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
