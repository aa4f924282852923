import type { PodContext } from '../../../../core/incident/context';
import { ANNOTATIONS } from '../../../../core/names';
import { encodeLabels, ownLabels } from '../../../../core/response/originalLabels';
import type { QuarantineRecord } from '../../../../core/response/record';
import { markRecord } from '../../resources/records';
import { type ActionInput, type ActionResult, podName } from '../action';

/**
 * Whether a pod has what our record says it has. Others may have changed it; what they wrote is not trusted. A pod whose
 * annotations were full has none of ours: it kept its labels, and they are still those of the record.
 */
export function isIntact(pod: PodContext, { spec }: QuarantineRecord): boolean {
  const saved = pod.annotations[ANNOTATIONS.originalLabels] ?? encodeLabels(ownLabels(pod.labels));
  return pod.uid === spec.pod.uid && pod.marked && saved === encodeLabels(spec.originalLabels);
}

/** A pod in quarantine that was changed behind our back: nothing more is done to it, and a person hears of it. */
export async function reportMismatch(input: ActionInput, record: QuarantineRecord): Promise<ActionResult> {
  const { client, context, dryRun, now } = input;
  const what = context.pod.marked ? 'its saved labels are not those of the record' : 'it has lost the quarantine label';
  const reason = `pod ${podName(input)} is not as its record says: ${what}. Somebody changed it; it may be open`;
  if (!dryRun)
    await markRecord(client, record.metadata.name, {
      state: 'Mismatch',
      note: reason,
      changedAt: now().toISOString(),
    });
  return { outcome: 'failed', reason };
}
