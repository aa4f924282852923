import { recordEscalation } from '../../../../app/recordEscalation';
import { readIncident } from '../../../../core/incident/incident';
import type { Escalation } from '../../../../core/incident/response';
import { readFailure } from '../../../../core/telemetry/failure';
import { now } from '../../../shared/clock';
import { done, type Operation, type OperationInput, toEscalate } from '../operation';

/** Records an incident that needs a person, or an execution that failed. */
export const record: Operation = {
  name: 'Record',
  value: 'record',
  action: 'Record an event',
  description: 'Leave a Kubernetes Event that says the incident needs a person',
  run: async (input) => {
    const escalation = await recorded(input);
    return (escalation.event === null ? toEscalate : done)({ ...input.json, escalation });
  },
};

function recorded({ cluster, json }: OperationInput): Promise<Escalation> {
  const failure = readFailure(json);
  if (failure === null) return recordEscalation(cluster, readIncident(json), now());
  const node = `node ${failure.node ?? 'unknown'} (notified once an hour)`;
  return cluster.recordFailure(`The pipeline failed in ${node}: ${failure.message}`, now());
}
