import { readContext } from '../../../../adapters/kubernetes/state/readContext';
import { NAMESPACE, POD, POD_FROM, podOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';

export const getContext: Operation = {
  name: 'Get Context',
  value: 'getContext',
  action: 'Read the context of the pod',
  description: "Read the pod, its owner, its namespace's mode, recent events, configuration and budget",
  fields: [POD_FROM, NAMESPACE, POD],
  run: async (input) => {
    const { client, json } = input;
    const now = new Date();
    const { target, problem, incident } = podOf(input);
    const context =
      target === null
        ? { status: 'unavailable', readAt: now.toISOString(), detail: `the target is unknown: ${problem}` }
        : await readContext(client, target, incident, now);
    return (context.status === 'found' ? done : toEscalate)({ ...json, context });
  },
};
