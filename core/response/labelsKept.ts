import { gap, type Gap } from './gap';
import { gapsOfRecord, type QuarantineRecord } from './record';
import { treatmentOf } from './workloadKinds';

const KIND = 'labels-kept';
const REFUSED = gap(KIND, '', 'admission').key;

/** The gap of a pod that keeps its labels because of its controller's kind. */
export function labelsKept(reason: string): Gap {
  return gap(KIND, reason);
}

/** The gap of a pod whose labels the API server refused to remove. */
export function labelsKeptByAdmission(message: string): Gap {
  return { key: REFUSED, text: `the API server refused to take the pod's labels away, so they stay: ${message}` };
}

/** Why a pod that was isolated in an earlier run has kept its labels. */
export function labelsKeptSince(record: QuarantineRecord): Gap {
  const reason = treatmentOf(record.spec.owner?.kind ?? null).reason;
  return (
    gapsOfRecord(record).find(({ key }) => key === REFUSED) ??
    labelsKept(reason ?? 'the pod kept its labels, so Services that select it still do')
  );
}
