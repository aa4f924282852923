import type { V1Pod } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../../adapters/kubernetes/api/client';
import { findRecord } from '../../../adapters/kubernetes/resources/records';
import type { RecordStatus } from '../../../core/response/record';

/** What our record says of a pod; null when there is none. */
export async function recordStatus(client: KubernetesClient, { metadata }: V1Pod): Promise<RecordStatus | null> {
  return (await findRecord(client, metadata?.uid ?? ''))?.status ?? null;
}
