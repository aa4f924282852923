import { dueForReview as due, listQuarantined as list } from '../../../adapters/kubernetes/review';
import { containmentOf } from '../../../core/response/containmentGaps';
import { reviewAlert } from '../../../core/response/review';
import { done, type NodeOperation, toEscalate } from './operation';

/** One item for each pod in quarantine, or one that says there is none. */
export const listQuarantined: NodeOperation = {
  name: 'List Quarantined',
  value: 'list_quarantined',
  action: 'List quarantined pods',
  description: 'Give an item for each pod in quarantine, and whether it is still as our record says',
  run: async ({ client }) => {
    const found = await list(client);
    if (found.length === 0) return done({ quarantined: 0 });
    return found.map(({ record: { spec, status }, pod, gaps }) =>
      done({
        quarantine: {
          ...spec.pod,
          state: status.state ?? 'Isolating',
          pod,
          // As it is now, where that can be told; else as it was when the record was last written.
          contained: gaps === null ? (status.contained ?? null) : containmentOf(gaps),
          openings: gaps ?? status.reasons ?? [],
          reason: spec.decision.reason,
          decidedBy: spec.decision.approvedBy ?? spec.decision.by,
          since: status.quarantinedAt ?? spec.requestedAt,
          until: spec.until,
          incident: spec.incident,
        },
      }),
    );
  },
};

/** One incident for each quarantine that a person has to look at; they leave by *escalate*. */
export const dueForReview: NodeOperation = {
  name: 'Due for Review',
  value: 'due_for_review',
  action: 'Find quarantines that are due',
  description: 'Give an incident for each quarantine that a person has to look at; releases nothing',
  run: async ({ client }) => {
    const now = new Date();
    const found = await due(client, now);
    if (found.length === 0) return done({ due: 0 });
    return found.map(({ record, cause }) => toEscalate({ alert: reviewAlert(record, cause, now) }));
  },
};
