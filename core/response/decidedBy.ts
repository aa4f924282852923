import type { ApprovalNote } from '../incident/decision';
import type { RecordSpec } from './record';
import type { Action } from '../incident/actions';
import type { Incident } from '../incident/incident';

interface Decided {
  /** Whether a person approved exactly this action, by our own record. */
  approved: boolean;
  record: RecordSpec['decision'];
}

/** Kubernetes limits the field; the whole reason is in Loki. */
const REASON_LIMIT = 1024;

/** Who stands behind an action, for the record. */
export function whoDecided(action: Action, { decision }: Incident, approval: ApprovalNote | null): Decided {
  const wanted = action === 'quarantine_pod' ? 'quarantine_pod' : 'delete_pod';
  const by = approval !== null ? 'person' : (decision?.run.by ?? 'contain_first');
  return {
    approved: approval !== null,
    record: {
      decision: wanted,
      by,
      reason: (decision?.reason ?? 'isolated before anybody reasoned').slice(0, REASON_LIMIT),
      ...(approval === null ? {} : { approvedBy: approval.by }),
    },
  };
}
