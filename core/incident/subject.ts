import { z } from 'zod/v4';

import { type AlertSource, namesOf } from './alertSource';

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

/** The pod that an action may change. */
export function targetSubject(target: { namespace: string; pod: string }): Subject {
  return { kind: 'Pod', namespace: target.namespace, name: target.pod };
}

/** The subject of an alert whose source names none: the target's pod if there is one, else the source itself. */
export function subjectFor(source: AlertSource, target: { namespace: string; pod: string } | null): Subject {
  return target === null ? { kind: 'Detector', namespace: null, name: namesOf(source).label } : targetSubject(target);
}

/** "Deployment shop/checkout", "Node worker-3". Plain text: escape it for its destination. */
export function subjectText({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}
