import type { QuarantineRecord } from '../../../../core/response/record';
import { markRecord } from '../../resources/records';
import { type ActionInput, type ActionResult, podName } from '../action';

/** A pod in quarantine that was changed behind our back: nothing more is done to it, and a person hears of it. */
export async function reportMismatch(input: ActionInput, record: QuarantineRecord): Promise<ActionResult> {
  const { client, context, dryRun, now } = input;
  const what = context.pod.marked ? 'its saved labels are not those of the record' : 'it has lost the quarantine label';
  const reason = `pod ${podName(input)} is not as its record says: ${what}. Somebody changed it; it may be open`;
  if (!dryRun)
    await markRecord(client, record, {
      state: 'Mismatch',
      note: reason,
      changedAt: now().toISOString(),
    });
  return { outcome: 'failed', reason };
}
