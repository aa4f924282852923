import { summaryOf } from '../../../../core/response/approvalSummary';
import { done, type Operation } from '../operation';

/** One item for each incident that waits for a person, or one that says there is none. */
export const getAll: Operation = {
  name: 'Get Many',
  value: 'getAll',
  action: 'List approvals that wait for a person',
  description: 'Give an item for each incident that waits for a person',
  run: async ({ cluster }) => {
    const waiting = await cluster.waitingApprovals();
    return waiting.length === 0
      ? done({ approvals: 0 })
      : waiting.map((approval) => done({ approval: summaryOf(approval) }));
  },
};
