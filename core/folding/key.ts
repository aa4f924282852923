import { hash } from '../alert/identity';
import type { Alert } from '../incident/alert';
import type { IncidentRecord } from '../incident/incidentRecord';
import type { Subject } from '../incident/subject';
import { isOfItsSource, type Origin } from './origin';

/** What an incident is about, as its store knows it. */
export interface About extends Subject {
  /** Of a pod that is its own subject: one that was made again under its name is another pod. */
  uid?: string;
}

/**
 * The name of the incident that an alert belongs to: the same for all alerts of one source by one rule about one subject,
 * in every process. Self-tests have incidents of their own, so that none hides a real event, and so have the matches of
 * each exception: as repeats they would hide what it does not match. So has what is trusted less than its source: a forged
 * alert must not turn a real one into its repeat. A valid name of a Kubernetes object.
 */
export function incidentName(
  alert: Pick<Alert, 'source' | 'trust' | 'rule' | 'grouping' | 'synthetic'>,
  { kind, namespace, name, uid }: About,
  exception: string | null = null,
): string {
  const { source, rule, grouping, synthetic } = alert;
  const kindOfEvent = !isOfItsSource(alert) ? 'unverified' : synthetic ? 'self-test' : 'event';
  const parts = [kindOfEvent, source, grouping ?? rule, kind, namespace ?? '', name, uid ?? ''];
  return `incident-${hash(exception === null ? parts : [...parts, exception])}`;
}

/** What an alert itself says it is about. */
export function ownSubject({ subject, target }: Pick<Alert, 'subject' | 'target'>): About {
  return target?.podUid == null ? subject : { ...subject, uid: target.podUid };
}

const STORM_PREFIX = 'storm-';

/** The name of the incident that stands for all that come on top in a namespace; null for the cluster. */
export function stormName(namespace: string | null, origin: Origin): string {
  return `${STORM_PREFIX}${hash(['storm', namespace ?? '', ...(origin === 'pod' ? [] : [origin])])}`;
}

/** Whether an incident is a storm, by its name: senders choose what rules are called. */
export const isStorm = ({ metadata }: Pick<IncidentRecord, 'metadata'>): boolean =>
  metadata.name.startsWith(STORM_PREFIX);

/** What tells pods of an incident apart: the uid, or the name where the source gave none. Empty without a pod. */
export function podKey({ target }: Pick<Alert, 'target'>): string {
  return target === null ? '' : (target.podUid ?? `${target.namespace}/${target.pod}`);
}
