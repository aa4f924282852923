import { readContext } from '../../../adapters/kubernetes/state/readContext';
import type { TargetContext } from '../../../core/incident/context';
import { readIncident } from '../../../core/incident/incident';
import { done, type NodeOperation, toEscalate } from './operation';

export const getContext: NodeOperation = {
  name: 'Get Context',
  value: 'get_context',
  action: 'Read the context of the pod',
  description: 'Read the pod, its owner, its namespace’s mode, recent events, configuration and budget',
  run: async ({ client, json }) => {
    const { alert } = readIncident(json);
    const now = new Date();
    const read: TargetContext =
      alert.target === null
        ? {
            status: 'unavailable',
            readAt: now.toISOString(),
            detail: `the target is unknown: ${alert.targetProblem ?? 'not named'}`,
          }
        : await readContext(client, alert.target, alert.id, now);
    return (read.status === 'found' ? done : toEscalate)({ ...json, context: read });
  },
};
