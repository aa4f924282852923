import type { PodContext } from '../../../../core/incident/context';
import type { Configuration } from '../../../../core/incident/responsePolicy';
import { type Isolation, type NamedPolicy, openings } from '../../../../core/response/containmentGaps';
import type { KubernetesClient } from '../../api/client';
import { apiCall } from '../../api/errors';
import { otherGaps, type OtherPolicies, readOtherPolicies } from './otherPolicies';

/** All network policies that may concern the pods of a namespace, as they are now. */
export interface NetworkReading {
  policies: NamedPolicy[];
  others: OtherPolicies;
}

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

/** Nothing is attested where the ResponsePolicy was not read. */
const NOTHING_ATTESTED = { enforced: false, cutsOpenConnections: false };

/** What is still open of an isolated pod. */
export function containmentGaps(
  pod: PodContext,
  namespace: string,
  { policies, others }: NetworkReading,
  { attached, past, configuration }: Pick<Isolation, 'attached' | 'past'> & { configuration: Configuration | null },
): string[] {
  const { labels, hostNetwork, bypasses, serviceAccount } = pod;
  return openings({
    labels,
    hostNetwork,
    bypasses,
    attached,
    past,
    policies,
    otherPolicies: otherGaps(others, { namespace, labels, serviceAccount }),
    network: configuration?.network ?? NOTHING_ATTESTED,
  });
}
