import { z } from 'zod/v4';

import { confirmReviewed } from '../../../../app/quarantineReview';
import { REVIEW_CAUSES } from '../../../../core/response/reviewCause';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';
import { parseItem } from '../parseItem';

const itemSchema = z.object({
  review: z.object({ quarantine: z.string(), cause: z.enum(REVIEW_CAUSES), at: z.iso.datetime() }),
});

/** Keeps a finding that *Get Due for Review* gave from being reported again. */
export const confirmReported: Operation = {
  name: 'Mark as Reported',
  value: 'confirmReported',
  action: 'Confirm that people were notified of a quarantine',
  description: 'Keep a finding of Get Due for Review from being reported again before the next day',
  run: async ({ cluster, json }) => {
    const { review } = parseItem(itemSchema, json, 'review of a quarantine');
    await confirmReviewed(cluster, review.quarantine, review, now());
    return done(json);
  },
};
