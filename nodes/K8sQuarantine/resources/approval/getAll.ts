import { summaryOf } from '../../../../core/response/approvalSummary';
import { namespaceOf, waitingList } from '../../../../core/response/waitingList';
import { NAMESPACE_FILTER, textOf } from '../locators';
import { done, type Operation } from '../operation';
import { LIMIT, RETURN_ALL } from './fields';

/**
 * One item for each incident that waits for a person, the first to decide first, or one that says there is none. `waiting` is
 * how many wait, listed or not.
 */
export const getAll: Operation = {
  name: 'Get Many',
  value: 'getAll',
  action: 'List approvals that wait for a person',
  description: 'Give an item for each incident that waits for a person',
  fields: [RETURN_ALL, LIMIT, NAMESPACE_FILTER],
  run: async ({ context, cluster, index }) => {
    const namespace = textOf(context, NAMESPACE_FILTER.name, index);
    const all = await cluster.waitingApprovals();
    const found = namespace === '' ? all : all.filter((approval) => namespaceOf(approval) === namespace);
    if (found.length === 0) return done({ approvals: 0 });
    const most = context.getNodeParameter(RETURN_ALL.name, index)
      ? found.length
      : Number(context.getNodeParameter(LIMIT.name, index));
    return waitingList(found, most).map((approval) => done({ approval: summaryOf(approval), waiting: found.length }));
  },
};
