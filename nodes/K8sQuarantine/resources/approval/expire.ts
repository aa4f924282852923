import { agreedTime } from '../../../../app/agreedTime';
import { expireApprovals } from '../../../../app/approvals';
import { decidedItems } from '../../../../core/response/decidedItem';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';

/** Ends the waiting of what nobody decided in time: the pods stay as they are, and the incidents go to *escalate*. */
export const expire: Operation = {
  name: 'Expire',
  value: 'expire',
  action: 'End approvals that nobody decided',
  description: 'Give back the incidents whose time to decide is over; their pods stay as they are',
  run: async ({ cluster }) => {
    const expired = await expireApprovals(cluster, agreedTime(cluster, now()));
    return expired.length === 0 ? done({ expired: 0 }) : expired.flatMap(decidedItems).map(toEscalate);
  },
};
