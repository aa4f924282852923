import type { Alert } from '../incident/alert';
import {
  type IncidentRecord,
  type IncidentSpec,
  type IncidentStatus,
  needsAttention,
  statusOf,
} from '../incident/incidentRecord';
import type { IncidentBounds } from '../incident/responsePolicy';
import type { Subject } from '../incident/subject';
import { hash } from '../alert/identity';
import { withinHour } from './bounds';
import { isStorm } from './key';
import { isOfItsSource, type Origin, originOf, originOfRecord } from './origin';

const STORM_RULE = 'Alert storm';

/** Too many incidents. */
export interface Storm {
  /** Where there are too many of them. */
  scope: 'namespace' | 'cluster';
  /** Whose further incidents are counted together; null for those of the whole cluster. */
  namespace: string | null;
  /** Of which alerts: what somebody may invent never hides what Falco observed in pods. */
  origin: Origin;
  active: number;
}

/**
 * Whether one more incident of an alert about this subject is too many. Storms themselves do not count. What Falco observed
 * in pods is counted for its namespace also where the whole cluster has too many, so that none uses up the passes of
 * another; other alerts may invent namespaces, and share one storm.
 */
export function stormAt(
  alert: Pick<Alert, 'trust' | 'target'>,
  about: Subject,
  all: readonly IncidentRecord[],
  bounds: IncidentBounds,
  now: Date,
): Storm | null {
  const origin = originOf(alert);
  const isRecent = withinHour(now);
  // An incident asks for something, or started the workflow within the hour: one that is ignored at once has its cost, too.
  const isActive = (record: IncidentRecord): boolean =>
    needsAttention(record) || statusOf(record).passes.some(isRecent);
  const active = all.filter((record) => !isStorm(record) && originOfRecord(record) === origin && isActive(record));
  const near = active.filter(({ spec }) => (spec.subject.namespace ?? null) === about.namespace);
  if (about.namespace !== null && near.length >= bounds.activePerNamespace)
    return { scope: 'namespace', namespace: about.namespace, origin, active: near.length };
  if (active.length < bounds.activePerCluster) return null;
  return { scope: 'cluster', namespace: origin === 'pod' ? about.namespace : null, origin, active: active.length };
}

/** What a storm is about. */
export function stormSubject({ namespace }: Storm): Subject {
  return namespace === null
    ? { kind: 'Cluster', namespace: null, name: 'all namespaces' }
    : { kind: 'Namespace', namespace: null, name: namespace };
}

/**
 * The alert that tells a person of a storm, made from the one that was too many. It has no target: nothing is done to a pod.
 * @param passes how many pods the storm let through within the hour, if no more get through; null while they do
 */
export function stormAlert(alert: Alert, storm: Storm, passes: number | null = null): Alert {
  const subject = stormSubject(storm);
  const { trust, source, priority, time, receivedAt, synthetic } = alert;
  return {
    id: hash(['storm', alert.id]),
    source,
    trust,
    status: 'firing',
    rule: STORM_RULE,
    priority,
    time,
    receivedAt,
    target: null,
    targetProblem: 'a storm is about many subjects',
    subject,
    tags: [],
    infrastructure: {},
    fields: {},
    output: `${whereOf(storm)} has ${storm.active} incidents that are open or began within the hour. Further ones are counted by rule and subject in this incident; ${throughOf(passes)}`,
    fingerprint: hash(['storm', storm.namespace ?? '', storm.origin]),
    grouping: hash(['storm']),
    synthetic,
  };
}

function whereOf({ scope, namespace }: Storm): string {
  return scope === 'cluster' || namespace === null ? 'The cluster' : `Namespace ${namespace}`;
}

function throughOf(passes: number | null): string {
  return passes === null
    ? 'only what the playbook acts on by itself still gets through.'
    : `the ${passes} passes of this hour are used up, so that further pods are not isolated. Look at it now.`;
}

/** The immutable part of a new incident. */
export function specOf(alert: Alert, about: Subject, opened: IncidentStatus): IncidentSpec {
  const { source, rule, synthetic, trust } = alert;
  const { kind, namespace, name } = about;
  return {
    source,
    rule,
    ...(synthetic ? { synthetic } : {}),
    ...(isOfItsSource(alert) ? {} : { trust }),
    subject: { kind, ...(namespace === null ? {} : { namespace }), name },
    opened,
  };
}
