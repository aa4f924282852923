import { INFRASTRUCTURE_NAMESPACES } from '../../names';
import { escalate, type Guardrail } from './guardrail';

/**
 * Acting on the cluster's own components does more harm than most attacks; ignoring alerts about them hides the worst
 * attacks.
 */
export const infrastructureNamespace: Guardrail = {
  name: 'infrastructure_namespace',
  liftedByApproval: false,
  check: ({ alert }) =>
    alert.target !== null && INFRASTRUCTURE_NAMESPACES.has(alert.target.namespace)
      ? escalate(`${alert.target.namespace} is an infrastructure namespace`)
      : null,
};
