import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** In a namespace that is being deleted, no policy can be created and every pod is deleted anyway. */
export const namespaceDeleted: Guardrail = {
  name: 'namespace_deleted',
  liftedByApproval: false,
  check: ({ decision, context }) =>
    acts(decision) && context?.status === 'found' && context.namespace.deletingSince !== null
      ? escalate(`namespace ${context.namespace.name} has been terminating since ${context.namespace.deletingSince}`)
      : null,
};
