import type { NetworkReading } from '../../../../core/response/networkReading';
import type { KubernetesClient } from '../../api/client';
import { apiCall } from '../../api/errors';
import { readOtherPolicies } from './otherPolicies';

/** @throws PipelineError when the NetworkPolicies of the namespace cannot be read */
export async function readNetwork(client: KubernetesClient, namespace: string): Promise<NetworkReading> {
  const [{ items }, others] = await Promise.all([
    apiCall({ what: `list NetworkPolicies of ${namespace}`, server: client.server }, () =>
      client.networking.listNamespacedNetworkPolicy({ namespace }),
    ),
    readOtherPolicies(client, namespace),
  ]);
  return { policies: items.map(({ metadata, spec }) => ({ name: metadata?.name ?? '', spec })), others };
}
