import { isContained } from '../../incident/quarantineState';
import { escalate, type Guardrail } from './guardrail';

/**
 * A model that finds nothing must not end the case of an isolated pod: the pod is neither left isolated nor released on
 * it.
 */
export const contained: Guardrail = {
  name: 'contained',
  liftedByApproval: true,
  check: ({ decision, context }) =>
    decision === 'ignore' && context?.status === 'found' && isContained(context.quarantine)
      ? escalate('the pod is in quarantine: only a person may release it')
      : null,
};
