import type { Alert } from '../../incident/alert';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** The cluster that an alert names: Falcosidekick's custom field, Prometheus' external label, or the audit log's. */
function clusterOf({ infrastructure, fields }: Pick<Alert, 'infrastructure' | 'fields'>): string | null {
  const named = infrastructure.cluster_name ?? fields['label.cluster'] ?? fields['ka.cluster.name'];
  return typeof named === 'string' && named !== '' ? named : null;
}

/**
 * Two clusters may have a pod of one name, and an alert without a uid fits both. What the alert says can only keep a pod from
 * being acted on.
 */
export const anotherCluster: Guardrail = {
  name: 'another_cluster',
  liftedByApproval: false,
  check: ({ decision, alert, context }) => {
    if (!acts(decision) || context?.status !== 'found' || context.policy.status !== 'read') return null;
    const own = context.policy.configuration.clusterName;
    const named = clusterOf(alert);
    return own === undefined || named === null || named === own
      ? null
      : escalate(`the alert is of the cluster ${named}, and pods are acted on in ${own}`);
  },
};
