import { dueExceptions } from '../../../../app/exceptions/dueForReview';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';

/** One item that names the exceptions a person has to look at; it leaves by *escalate*. */
export const getDue: Operation = {
  name: 'Get Due for Review',
  value: 'getDue',
  action: 'Find exceptions that are due for review',
  description:
    'Name the exceptions that matched nothing for 30 days and those that have ended, until Mark as Reported; ends none',
  run: async ({ cluster }) => {
    const due = await dueExceptions(cluster, now());
    return due === null ? done({ due: 0 }) : toEscalate(due);
  },
};
