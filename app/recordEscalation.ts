import type { Incident } from '../core/incident/incident';
import type { Escalation } from '../core/incident/response';
import { recordIfBudgetExceeded } from './budgetEvents';
import type { Cluster } from './ports';

/** Leaves an Event that the incident needs a person, and one for the budget where that is the reason. */
export async function recordEscalation(
  cluster: Pick<Cluster, 'recordEscalation' | 'recordOnce'>,
  incident: Incident,
  now: Date,
): Promise<Escalation> {
  const guardrails = incident.decision?.guardrails.map(({ guardrail }) => guardrail) ?? [];
  await recordIfBudgetExceeded(cluster, incident.context, guardrails, now);
  return cluster.recordEscalation(incident, now);
}
