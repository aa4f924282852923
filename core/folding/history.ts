import type { Incident } from '../incident/incident';
import {
  type IncidentRecord,
  type IncidentStatus,
  type Judgement,
  RECORD_LIMITS,
  statusOf,
} from '../incident/incidentRecord';
import type { History } from '../incident/podFacts';

/** How far back earlier incidents count. */
const DAYS = 14;

/** An incident's status with what a person made of its event. Each Approval counts once, for however many pods it was. */
export function withJudgement(status: IncidentStatus, { decision }: Incident): IncidentStatus {
  const [person, classification] = [decision?.approval, decision?.classification];
  if (person?.chosen == null || classification === undefined || classification === 'needs_review') return status;
  const judged = status.judged ?? [];
  if (judged.some(({ approval }) => approval === person.name)) return status;
  const judgement: Judgement = { approval: person.name, at: person.at, classification };
  return { ...status, judged: [...judged, judgement].slice(-RECORD_LIMITS.judged) };
}

/**
 * What an incident's record says of earlier incidents of the same rule and workload. It is the record that the alert belongs
 * to: of the times that it was opened, the last is the alert's own.
 */
export function historyOf(record: Pick<IncidentRecord, 'spec' | 'status'>, now: Date): History {
  const { opening, judged = [] } = statusOf(record);
  const since = new Date(now.getTime() - DAYS * 24 * 3_600_000).toISOString();
  const count = (wanted: Judgement['classification']) =>
    judged.filter(({ at, classification }) => at >= since && classification === wanted).length;
  return {
    incidents: opening - 1,
    workloads: opening > 1 ? 1 : 0,
    falsePositives: count('false_positive'),
    truePositives: count('true_positive'),
  };
}
