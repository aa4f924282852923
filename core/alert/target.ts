import type { Target } from '../incident/alert';
import { isUuid } from './identity';

/** RFC 1123 label and subdomain, the format that Kubernetes requires of namespace and pod names. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

interface ClaimedTarget {
  namespace: string | null;
  pod: string | null;
  podUid: string | null;
  container: string | null;
  image: string | null;
}

export type TargetReading = { target: Target; problem: null } | { target: null; problem: string };

/** Accepts a claimed target only if every name has the format that Kubernetes allows. It never guesses. */
export function parseTarget({ namespace, pod, podUid, container, image }: ClaimedTarget): TargetReading {
  if (namespace === null || pod === null) return unknown('the alert names no namespace and pod');
  if (!LABEL.test(namespace)) return unknown('the namespace is not a Kubernetes name');
  if (!SUBDOMAIN.test(pod)) return unknown('the pod is not a Kubernetes name');
  if (podUid !== null && !isUuid(podUid)) return unknown('the pod uid is not a uid');
  return { target: { namespace, pod, podUid, container, image }, problem: null };
}

function unknown(problem: string): TargetReading {
  return { target: null, problem };
}
