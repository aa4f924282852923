import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** No action on a pod whose current state was not read or that no longer exists. */
export const liveContext: Guardrail = {
  name: 'live_context',
  liftedByApproval: false,
  check: ({ decision, context }) => {
    if (!acts(decision) || context?.status === 'found') return null;
    return escalate(
      context === undefined ? "the pod's state was not read" : `the pod is ${context.status}: ${context.detail}`,
    );
  },
};
