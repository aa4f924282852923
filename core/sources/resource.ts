import { visible } from '../text/sanitize';
import type { ClaimedTarget, NoTarget } from './draft';
import { isUuid, textOf } from './fields';

/** The Kubernetes object that a report is about, as the report names it. */
export interface NamedResource {
  kind: string | null;
  namespace: string | null;
  name: string | null;
  uid: string | null;
}

/** Only a Pod can be a target, and only by uid. A report cannot say which pods belong to another object. */
export function podTarget(
  { kind, namespace, name, uid }: NamedResource,
  container: string | null = null,
  image: string | null = null,
): ClaimedTarget | NoTarget {
  if (textOf(kind) !== 'Pod')
    return { problem: `the report is about ${kind ? `a ${visible(kind, 64)}` : 'no object'}, not a pod` };
  return {
    namespace: textOf(namespace),
    pod: textOf(name),
    podUid: uid !== null && isUuid(uid) ? uid : null,
    container,
    image,
    // A pod that admission refused was never created and has no uid: it must not be confused with another pod of its
    // name.
    needsUid: true,
  };
}
