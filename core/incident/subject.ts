import { z } from 'zod/v4';

/** Limits of a subject's parts in UTF-16 units, as Kubernetes sets them for names. */
export const SUBJECT_LIMITS = { kind: 64, name: 253 } as const;

/**
 * What an alert is about, for people: a pod or anything else. In an alert its parts are masked, visible and bounded; in
 * a draft they are raw. It is as untrusted as the alert, and no action uses it: actions use the alert's `target`.
 */
export const subjectSchema = z.object({
  /** A Kubernetes kind, or another one: Host, User, Bucket, Image, ... */
  kind: z.string().min(1),
  namespace: z.string().min(1).nullable(),
  name: z.string().min(1),
});
export type Subject = z.infer<typeof subjectSchema>;

/** The subject that a source names, or null when it names none. */
export function subjectOf(kind: unknown, name: unknown, namespace: unknown = null): Subject | null {
  const [saidKind, saidName, saidNamespace] = [part(kind), part(name), part(namespace)];
  return saidKind === null || saidName === null
    ? null
    : { kind: saidKind, namespace: saidKind === 'Namespace' ? null : saidNamespace, name: saidName };
}

/** The pod that an action may change. */
export function targetSubject(target: { namespace: string; pod: string }): Subject {
  return { kind: 'Pod', namespace: target.namespace, name: target.pod };
}

const DETECTORS = {
  falco: 'Falco',
  alertmanager: 'Alertmanager',
  trivy: 'Trivy Operator',
  kyverno: 'Kyverno',
  pagerduty: 'PagerDuty',
  review: 'Quarantine Review',
} as const;

/** The subject of an alert that names nothing: the source itself. */
export function detectorSubject(source: keyof typeof DETECTORS): Subject {
  return { kind: 'Detector', namespace: null, name: DETECTORS[source] };
}

/** The target's pod if there is one, with its name unchanged; else what the source names; else the source itself. */
export function subjectFor(
  source: keyof typeof DETECTORS,
  target: { namespace: string; pod: string } | null,
  named: Subject | null,
): Subject {
  return target === null ? (named ?? detectorSubject(source)) : targetSubject(target);
}

/** "Deployment shop/checkout", "Node worker-3". Plain text: escape it for its destination. */
export function subjectText({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/** Falco writes a missing field as "<NA>". */
function part(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || text === '<NA>' ? null : text;
}
