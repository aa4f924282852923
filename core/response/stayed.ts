import { gapsOfRecord, type QuarantineRecord } from './record';
import { treatmentOf } from './workloadKinds';

/** How markPod begins to say why the API server kept a pod's labels. */
export const ADMISSION_REFUSED = 'the API server refused to take the pod’s labels away, so they stay';

/** Why a pod that was isolated in an earlier run has kept its labels. */
export function stayed(record: QuarantineRecord): string {
  return (
    gapsOfRecord(record).find((reason) => reason.startsWith(ADMISSION_REFUSED)) ??
    treatmentOf(record.spec.owner?.kind ?? null).reason ??
    'the pod kept its labels, so Services that select it still do'
  );
}
