import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/**
 * Only a limited number of pods is acted on within a window, however good each reason is. core/policy/budget.ts counts
 * when the pod is read; app/withinBudget.ts takes the unit just before the action.
 */
export const budget: Guardrail = {
  name: 'budget',
  liftedByApproval: true,
  check: ({ decision, context }) =>
    acts(decision) &&
    context?.status === 'found' &&
    context.policy.status === 'read' &&
    context.policy.exhausted !== null
      ? escalate(context.policy.exhausted)
      : null,
};
