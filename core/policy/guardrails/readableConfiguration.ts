import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** Without the administrator's settings and the budget's state, it is unknown what is allowed. */
export const readableConfiguration: Guardrail = {
  name: 'readable_configuration',
  liftedByApproval: false,
  check: ({ decision, context }) =>
    acts(decision) && context?.status === 'found' && context.policy.status !== 'read'
      ? escalate(`the ResponsePolicy could not be read: ${context.policy.detail}`)
      : null,
};
