import type { Alert } from '../incident/alert';
import { trustOf } from '../incident/alertSource';
import { type IncidentRecord, statusOf } from '../incident/incidentRecord';

/**
 * What an alert rests on: a pod that Falco observed (`pod`), another event of Falco's (`other`), or somebody's `report`. A namespace
 * of the first exists. Reports may invent one, and so may requests to the API server, of which Falco reads the audit log: it
 * has those that were refused, too.
 */
export type Origin = 'pod' | 'other' | 'report';

export function originOf({ trust, target }: Pick<Alert, 'trust' | 'target'>): Origin {
  if (trust === 'report') return 'report';
  return target === null ? 'other' : 'pod';
}

/** What an incident's alerts rest on; of a storm, nothing is said. */
export function originOfRecord(record: Pick<IncidentRecord, 'spec' | 'status'>): Origin {
  if (trustOf(record.spec.source) === 'report') return 'report';
  return statusOf(record).pods.length === 0 ? 'other' : 'pod';
}
