import { z } from 'zod/v4';

import { confirmExceptions } from '../../../../app/exceptions/dueForReview';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';
import { parseItem } from '../parseItem';

const itemSchema = z.object({
  exceptions: z.array(z.string()),
  escalation: z.object({ recordedAt: z.iso.datetime() }),
});

/** Keeps exceptions that *Get Due for Review* named from being reported again. */
export const confirmReported: Operation = {
  name: 'Mark as Reported',
  value: 'confirmReported',
  action: 'Confirm that people were notified of exceptions',
  description: 'Keep exceptions that Get Due for Review named from being reported again before the next week',
  run: async ({ cluster, json }) => {
    await confirmExceptions(cluster, parseItem(itemSchema, json, 'review of exceptions'), now());
    return done(json);
  },
};
