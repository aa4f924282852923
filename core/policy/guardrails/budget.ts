import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** However good each reason is, only so many pods are acted on in a time. K8s Quarantine takes the unit itself. */
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
