import { PatchStrategy } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../../adapters/kubernetes/client';
import { type CustomObject, readObject, replaceStatus } from '../../../adapters/kubernetes/customObjects';
import type { Cluster } from '../../../cluster/local/kubernetes';
import { responsePolicySchema } from '../../../core/context/responsePolicy';
import { CUSTOM_RESOURCES, NAMESPACES, RESPONSE_POLICY } from '../../../core/names';

/** Changes the administrator's settings; what is null goes back to its default. */
export async function setPolicy({ objects }: Cluster, spec: object): Promise<void> {
  await objects.patch(
    {
      apiVersion: CUSTOM_RESOURCES.apiVersion,
      kind: 'ResponsePolicy',
      metadata: { name: RESPONSE_POLICY, namespace: NAMESPACES.responder },
      spec,
    } as CustomObject,
    undefined,
    undefined,
    'e2e',
    undefined,
    PatchStrategy.MergePatch,
  );
}

/** A budget that no other test runs into. */
export const AMPLE = { perWorkload: 500, perNamespace: 500, perCluster: 500, namespaceSharePercent: 100 };

/** Who has taken units. */
export async function reservations(client: KubernetesClient): Promise<unknown[]> {
  const policy = await readObject(client, CUSTOM_RESOURCES.responsePolicies, RESPONSE_POLICY);
  return responsePolicySchema.parse(policy).status.reservations;
}

/** Empties the budget's windows. Only the responder may write them. */
export async function forgetReservations(client: KubernetesClient): Promise<void> {
  const policy = await readObject(client, CUSTOM_RESOURCES.responsePolicies, RESPONSE_POLICY);
  await replaceStatus(client, CUSTOM_RESOURCES.responsePolicies, { ...policy, status: { reservations: [] } });
}
