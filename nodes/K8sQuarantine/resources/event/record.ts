import { clusterOf } from '../../../../adapters/kubernetes/cluster';
import { recordIfBudgetExceeded } from '../../../../app/budgetEvents';
import { recordEvent, recordFailureEvent } from '../../../../adapters/kubernetes/resources/events';
import type { Escalation } from '../../../../core/incident/response';
import { readFailure } from '../../../../core/telemetry/failure';
import { readIncident } from '../../../../core/incident/incident';
import { done, type Operation, type OperationInput, toEscalate } from '../operation';

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

async function recorded({ client, json }: OperationInput): Promise<Escalation> {
  const failure = readFailure(json);
  if (failure === null) {
    const incident = readIncident(json);
    const spoke = incident.decision?.guardrails.map(({ guardrail }) => guardrail) ?? [];
    await recordIfBudgetExceeded(clusterOf(client), incident.context, spoke, new Date());
    return recordEvent(client, incident, new Date());
  }
  return recordFailureEvent(
    client,
    `The pipeline failed in node ${failure.node ?? 'unknown'}: ${failure.message}`,
    new Date(),
  );
}
