import { isContained } from '../../incident/quarantineState';
import { escalate, type Guardrail } from './guardrail';

/** A pod that was isolated before anybody reasoned is not left there, nor let go, because a model finds nothing. */
export const contained: Guardrail = {
  name: 'contained',
  liftedByApproval: true,
  check: ({ decision, context }) =>
    decision === 'ignore' && context?.status === 'found' && isContained(context.quarantine)
      ? escalate('the pod is in quarantine: to release it needs a person')
      : null,
};
