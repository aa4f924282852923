import type { Target } from '../incident/alert';
import type { ClaimedTarget, NoTarget } from '../sources/draft';
import { isUuid, nameOf, textOf } from '../sources/fields';
import { LIMITS } from '../sources/limits';
import type { TrustClass } from '../sources/senders';
import { sanitize, visible } from '../text/sanitize';

/** RFC 1123 label and subdomain, the format that Kubernetes requires of namespace and pod names. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** Whether a pod, or an object of ours, can have that name. */
export const isObjectName = (name: string): boolean => SUBDOMAIN.test(name);

type TargetReading = { target: Target; problem: null } | { target: null; problem: string };

/**
 * Accepts a claimed target only if every name has the format that Kubernetes allows. It never guesses.
 * @param trust that of the sender whose format it is. If it observes the kernel, container and image are as the
 * container runtime names them and stay unmasked; in a report they can be any text.
 */
export function parseTarget(claimed: ClaimedTarget | NoTarget, trust: TrustClass): TargetReading {
  if ('problem' in claimed) return unknown(claimed.problem);
  const { namespace, pod, podUid, container, image, needsUid = false } = claimed;
  if (namespace === null || pod === null) return unknown('the alert names no namespace and pod');
  if (!LABEL.test(namespace)) return unknown('the namespace is not a Kubernetes name');
  if (!isObjectName(pod)) return unknown('the pod is not a Kubernetes name');
  if (podUid !== null && !isUuid(podUid)) return unknown('the pod uid is not a uid');
  if (needsUid && podUid === null)
    return unknown('the report gives no uid of the pod, which may never have been created');
  const shown = trust === 'kernel' ? observedName : reportedName;
  return { target: { namespace, pod, podUid, container: shown(container), image: shown(image) }, problem: null };
}

function observedName(claimed: string | null): string | null {
  const name = textOf(claimed);
  return name === null ? null : visible(name, LIMITS.value);
}

function reportedName(claimed: string | null): string | null {
  const name = nameOf(claimed);
  return name === null ? null : sanitize(name, LIMITS.name);
}

function unknown(problem: string): TargetReading {
  return { target: null, problem };
}
