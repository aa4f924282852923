import { textOf } from './fields';
import { isUuid } from './identity';
import { parseTarget, type TargetReading } from './target';
import { visible } from '../text/sanitize';

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
  container: string | null,
  image: string | null,
): TargetReading {
  if (textOf(kind) !== 'Pod')
    return { target: null, problem: `the report is about ${kind ? `a ${visible(kind, 64)}` : 'no object'}, not a pod` };
  const reading = parseTarget({
    namespace: textOf(namespace),
    pod: textOf(name),
    podUid: uid !== null && isUuid(uid) ? uid : null,
    container,
    image,
  });
  // A pod that admission refused was never created and has no uid: it must not be confused with another pod of its
  // name.
  return reading.target?.podUid === null
    ? { target: null, problem: 'the report gives no uid of the pod, which may never have been created' }
    : reading;
}
