import type { PodContext } from '../incident/context';
import { ANNOTATIONS } from '../names';
import { encodeLabels, ownLabels } from './originalLabels';
import type { QuarantineRecord } from './record';

/**
 * Whether a pod has what our record says it has. Others may have changed it; what they wrote is not trusted. A pod whose
 * annotations were full has none of ours: it kept its labels, and they are still those of the record.
 */
export function isIntact(pod: PodContext, { spec }: QuarantineRecord): boolean {
  const saved = pod.annotations[ANNOTATIONS.originalLabels] ?? encodeLabels(ownLabels(pod.labels));
  return pod.uid === spec.pod.uid && pod.marked && saved === encodeLabels(spec.originalLabels);
}
