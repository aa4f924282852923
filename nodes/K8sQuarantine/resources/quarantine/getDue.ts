import { dueForReview } from '../../../../app/quarantineReview';
import { reviewAlert } from '../../../../core/response/review';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';

/** One incident for each quarantine that a person has to look at; they leave by *escalate*, and come again until they are confirmed. */
export const getDue: Operation = {
  name: 'Get Due for Review',
  value: 'getDue',
  action: 'Find quarantines that are due for review',
  description:
    'Give an incident for each quarantine that a person has to look at, until Mark as Reported; releases nothing',
  run: async ({ cluster }) => {
    const reviewedAt = now();
    const found = await dueForReview(cluster, reviewedAt);
    if (found.length === 0) return done({ due: 0 });
    return found.map(({ record, cause }) =>
      toEscalate({
        alert: reviewAlert(record, cause, reviewedAt),
        review: { quarantine: record.metadata.name, cause, at: reviewedAt.toISOString() },
      }),
    );
  },
};
