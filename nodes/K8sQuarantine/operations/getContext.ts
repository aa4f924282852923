import { clusterOf } from '../../../adapters/kubernetes/cluster';
import { getContext as read } from '../../../app/getContext';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { done, type NodeOperation, toEscalate } from './operation';

export const getContext: NodeOperation = {
  name: 'Get Context',
  value: 'get_context',
  action: 'Read the context of the pod',
  description: 'Read the pod, its owner, its namespace’s mode, recent events, configuration and budget',
  run: async ({ client, json }) => {
    const { alert } = readIncident(json);
    const context = await read(clusterOf(client), alert, now());
    return (context.status === 'found' ? done : toEscalate)({ ...json, context });
  },
};
