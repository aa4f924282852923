import { clusterOf } from '../../../adapters/kubernetes/cluster';
import { dueForReview as due } from '../../../app/quarantineReview';
import { listQuarantined as list } from '../../../app/quarantines';
import { containmentOf } from '../../../core/response/containmentGaps';
import { textsOf } from '../../../core/response/gap';
import { factsOf, gapsOfRecord, stateOf } from '../../../core/response/record';
import { reviewAlert } from '../../../core/response/review';
import { now } from '../../shared/clock';
import { done, type NodeOperation, toEscalate } from './operation';

/** One item for each pod in quarantine, or one that says there is none. */
export const listQuarantined: NodeOperation = {
  name: 'List Quarantined',
  value: 'list_quarantined',
  action: 'List quarantined pods',
  description: 'Give an item for each pod in quarantine, and whether it is still as our record says',
  run: async ({ client }) => {
    const found = await list(clusterOf(client));
    if (found.length === 0) return done({ quarantined: 0 });
    return found.map(({ record, pod, gaps }) => {
      const { spec } = record;
      const { contained = null, quarantinedAt = spec.requestedAt } = factsOf(record);
      return done({
        quarantine: {
          ...spec.pod,
          state: stateOf(record),
          pod,
          // As it is now, where that can be told; else as it was when the record was last written.
          contained: gaps === null ? contained : containmentOf(gaps),
          openings: textsOf(gaps ?? gapsOfRecord(record)),
          reason: spec.decision.reason,
          decidedBy: spec.decision.approvedBy ?? spec.decision.by,
          since: quarantinedAt,
          until: spec.until,
          incident: spec.incident,
        },
      });
    });
  },
};

/** One incident for each quarantine that a person has to look at; they leave by *escalate*. */
export const dueForReview: NodeOperation = {
  name: 'Due for Review',
  value: 'due_for_review',
  action: 'Find quarantines that are due',
  description: 'Give an incident for each quarantine that a person has to look at; releases nothing',
  run: async ({ client }) => {
    const reviewedAt = now();
    const found = await due(clusterOf(client), reviewedAt);
    if (found.length === 0) return done({ due: 0 });
    return found.map(({ record, cause }) => toEscalate({ alert: reviewAlert(record, cause, reviewedAt) }));
  },
};
