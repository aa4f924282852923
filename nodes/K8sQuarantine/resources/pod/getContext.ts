import { withException } from '../../../../app/exceptions/withException';
import { getContext as read } from '../../../../app/getContext';
import { readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import { NAMESPACE, POD, POD_FROM, podOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';

export const getContext: Operation = {
  name: 'Get Context',
  value: 'getContext',
  action: 'Read the context of the pod',
  description: "Read the pod, its owner, its namespace's mode, recent events, configuration and budget",
  fields: [POD_FROM, NAMESPACE, POD],
  run: async (input) => {
    const found = await read(input.cluster, podOf(input), now);
    const context =
      'alert' in input.json ? await withException(input.cluster, readIncident(input.json).alert, found, now()) : found;
    return (context.status === 'found' ? done : toEscalate)({ ...input.json, context });
  },
};
