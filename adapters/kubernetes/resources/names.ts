import { LABELS } from '../../../core/names';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import type { Right } from '../api/rights';

export const LIST_PODS_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'pods', verb: 'list' }];
export const LIST_NAMESPACES_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'namespaces', verb: 'list' }];

/** A list from which a person chooses; who looks for one of more pods types its name. */
const MOST_NAMES = 500;

/** Names of the namespaces that opted in, whatever their mode. */
export async function optedInNamespaces({ core, server }: KubernetesClient): Promise<string[]> {
  const { items } = await apiCall({ what: 'list namespaces', server }, () =>
    core.listNamespace({ labelSelector: LABELS.response, limit: MOST_NAMES }),
  );
  return items.map(({ metadata }) => metadata?.name ?? '');
}

/** Names of a namespace's pods. */
export async function podsOf({ core, server }: KubernetesClient, namespace: string): Promise<string[]> {
  const { items } = await apiCall({ what: `list pods of ${namespace}`, server }, () =>
    core.listNamespacedPod({ namespace, limit: MOST_NAMES }),
  );
  return items.map(({ metadata }) => metadata?.name ?? '');
}
