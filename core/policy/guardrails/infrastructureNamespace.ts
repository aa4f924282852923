import { INFRASTRUCTURE_NAMESPACES } from '../../names';
import { escalate, type Guardrail } from './guardrail';

/** Acting on the cluster's own parts does more harm than most attacks; ignoring them hides the worst ones. */
export const infrastructureNamespace: Guardrail = {
  name: 'infrastructure_namespace',
  liftedByApproval: false,
  check: ({ alert }) =>
    alert.target !== null && INFRASTRUCTURE_NAMESPACES.has(alert.target.namespace)
      ? escalate(`${alert.target.namespace} is an infrastructure namespace`)
      : null,
};
