import { textOf } from './fields';
import { isUuid } from './identity';
import { parseTarget, type TargetReading } from './target';
import { visible } from '../text/sanitize';

/** A Kubernetes object that a report is about, as the report names it. */
export interface NamedResource {
  kind: string | null;
  namespace: string | null;
  name: string | null;
  uid: string | null;
}

/** Only a Pod is a target, and only by uid. Which pods belong to another object is not for a report to say. */
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
  // A pod that admission refused was never made, and has no uid: another of its name must not stand for it.
  return reading.target?.podUid === null
    ? { target: null, problem: 'the report gives no uid of the pod, which may never have been made' }
    : reading;
}
