import { clusterOf } from '../../../adapters/kubernetes/cluster';
import { recordEscalation } from '../../../app/recordEscalation';
import type { Escalation } from '../../../core/incident/response';
import { readFailure } from '../../../core/telemetry/failure';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { done, type NodeOperation, type OperationInput, toEscalate } from './operation';

export const recordEvent: NodeOperation = {
  name: 'Record Event',
  value: 'record_event',
  action: 'Record an event',
  description: 'Leave a Kubernetes Event that says the incident needs a person',
  run: async (input) => {
    const escalation = await recorded(input);
    return (escalation.event === null ? toEscalate : done)({ ...input.json, escalation });
  },
};

function recorded({ client, json }: OperationInput): Promise<Escalation> {
  const cluster = clusterOf(client);
  const failure = readFailure(json);
  if (failure === null) return recordEscalation(cluster, readIncident(json), now());
  return cluster.recordFailure(`The pipeline failed in node ${failure.node ?? 'unknown'}: ${failure.message}`, now());
}
