import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** The API server holds only a mirror of a static pod: labelling or deleting the mirror changes nothing on the node. */
export const staticPod: Guardrail = {
  name: 'static_pod',
  liftedByApproval: false,
  check: ({ decision, context }) =>
    acts(decision) && context?.status === 'found' && context.pod.mirror
      ? escalate('the pod is a static pod, which its node runs from a file')
      : null,
};
