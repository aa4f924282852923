import { isolationAdvice } from '../../context/bypasses';
import { escalate, type Guardrail } from './guardrail';

/** A NetworkPolicy does not isolate a pod on the host network, so its quarantine would be an illusion. */
export const hostNetwork: Guardrail = {
  name: 'host_network',
  liftedByApproval: false,
  check: ({ decision, context }) =>
    decision === 'quarantine_pod' && context?.status === 'found' && context.pod.hostNetwork
      ? escalate(
          `the pod is on its node's network, to which no NetworkPolicy applies. ${isolationAdvice(context.pod.node)}`,
        )
      : null,
};
