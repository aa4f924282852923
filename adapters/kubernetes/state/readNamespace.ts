import type { V1Namespace } from '@kubernetes/client-node';

import type { Freshness } from '../../../app/action';
import { PipelineError } from '../../../core/errors';
import type { FoundContext } from '../../../core/incident/context';
import { responseMode } from '../../../core/incident/mode';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import type { Right } from '../api/rights';
import { responderWatches } from '../api/watch/watches';
import { iso } from './toPodContext';

export const READ_NAMESPACE_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'namespaces', verb: 'get' }];

type NamespaceState = FoundContext['namespace'];

export interface Reading<T> {
  value: T;
  ageMs: number;
}

/** What policy needs of a namespace, from a watch where one may be used and has it. */
export async function readNamespaceOf(
  client: KubernetesClient,
  name: string,
  freshness: Freshness,
): Promise<Reading<NamespaceState>> {
  const watched = freshness === 'watched' ? responderWatches(client).namespaces.get(name) : null;
  return watched === null
    ? { value: await readNow(client, name), ageMs: 0 }
    : { value: stateOf(name, watched.value), ageMs: watched.ageMs };
}

/** @throws PipelineError `conflict` when the namespace is not as it was judged */
export async function confirmNamespace(client: KubernetesClient, judged: NamespaceState): Promise<void> {
  const current = await readNow(client, judged.name);
  if (current.mode === judged.mode && current.deletingSince === judged.deletingSince) return;
  throw new PipelineError('conflict', `namespace ${judged.name} changed after it was read`, {
    nextStep: 'Nothing to do: the action is judged again.',
  });
}

async function readNow(client: KubernetesClient, name: string): Promise<NamespaceState> {
  const namespace = await apiCall({ what: `read namespace ${name}`, server: client.server }, () =>
    client.core.readNamespace({ name }),
  );
  return stateOf(name, namespace);
}

function stateOf(name: string, { metadata }: V1Namespace): NamespaceState {
  return { name, mode: responseMode(metadata?.labels ?? {}), deletingSince: iso(metadata?.deletionTimestamp) };
}
