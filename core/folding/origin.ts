import type { Alert } from '../incident/alert';
import { trustOf } from '../incident/alertSource';
import type { TrustClass } from '../sources/senders';
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
  if (trustOfRecord(record) === 'report') return 'report';
  return statusOf(record).pods.length === 0 ? 'other' : 'pod';
}

/** How far an incident's alerts are trusted. */
export function trustOfRecord({ spec }: Pick<IncidentRecord, 'spec'>): TrustClass {
  return spec.trust ?? trustOf(spec.source);
}

/** Whether an alert is trusted as far as its source. An alert of Falco's that was only found in Loki is not. */
export function isOfItsSource({ source, trust }: Pick<Alert, 'source' | 'trust'>): boolean {
  return trust === trustOf(source);
}
