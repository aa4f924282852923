import { PatchStrategy } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../../adapters/kubernetes/api/client';
import { type CustomObject, readObject, replaceStatus } from '../../../adapters/kubernetes/api/customObjects';
import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { type Reservation, responsePolicySchema } from '../../../core/incident/responsePolicy';
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

/** Bounds of incidents as the stack begins with them (cluster/local/config/response-policy.yaml): no test runs into them. */
export const AMPLE_INCIDENTS = {
  activePerNamespace: 1000,
  activePerCluster: 5000,
  passesPerHour: 1000,
  passesPerPodHour: 1000,
  modelPassesPerHour: 1000,
  modelPassesPerClusterHour: 10_000,
  notificationsPerHour: 1000,
  notificationsPerClusterHour: 10_000,
};

/** A budget that no other test runs into. */
export const AMPLE = { perWorkload: 500, perNamespace: 500, perCluster: 500, namespaceSharePercent: 100 };

/** Who has taken units. */
export async function reservations(client: KubernetesClient): Promise<unknown[]> {
  const policy = await readObject(client, CUSTOM_RESOURCES.responsePolicies, RESPONSE_POLICY);
  return responsePolicySchema.parse(policy).status.reservations;
}

/** Empties the budget's windows. Only the responder may write them. */
export const forgetReservations = (client: KubernetesClient): Promise<void> => write(client, []);

/** The windows as if so many pods of another namespace, each of a workload of its own, had been acted on just now. */
export const spend = (client: KubernetesClient, namespace: string, units: number): Promise<void> =>
  write(
    client,
    Array.from({ length: units }, (_, index) => ({
      pod: `${namespace}-${index}`,
      namespace,
      workload: `Deployment/w-${index}`,
      incident: 'another',
      at: new Date().toISOString(),
    })),
  );

async function write(client: KubernetesClient, taken: Reservation[]): Promise<void> {
  const policy = await readObject(client, CUSTOM_RESOURCES.responsePolicies, RESPONSE_POLICY);
  await replaceStatus(client, CUSTOM_RESOURCES.responsePolicies, { ...policy, status: { reservations: taken } });
}
