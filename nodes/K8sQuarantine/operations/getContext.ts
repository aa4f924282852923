import { readContext } from '../../../adapters/kubernetes/state/readContext';
import type { TargetContext } from '../../../core/incident/context';
import { readIncident } from '../../../core/incident/incident';
import { done, type Operation, toEscalate } from './operation';

export const getContext: Operation = async ({ client, json }) => {
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
};
