import { randomUUID } from 'node:crypto';

import { ApiException, CustomObjectsApi, type KubernetesObject, PatchStrategy } from '@kubernetes/client-node';

import { type Cluster, configOf, FIELD_MANAGER } from '../../cluster/local/kubernetes/client.js';
import { loadManifests } from '../../cluster/local/kubernetes/manifests.js';
import { manifestsPath } from '../../cluster/local/paths.js';
import { until } from '../../cluster/local/process/wait.js';
import { CUSTOM_RESOURCES, LABELS, NAMESPACES } from '../../core/names.js';

/** Fewer than the largest `activePerNamespace` of a ResponsePolicy, beyond which there is a storm instead of incidents. */
const ALERTS_EACH = 900;
/** An alert's own pod is there before its turn, also while the API server is down. */
const PATIENCE_SECONDS = 90;

/** Opens namespaces for so many alerts to automatic responses. Their names are new, so that each pod's name is. */
export async function openNamespaces(cluster: Cluster, alerts: number, prefix = 'chaos'): Promise<string[]> {
  const token = randomUUID().slice(0, 8);
  const names = Array.from(
    { length: Math.ceil(alerts / ALERTS_EACH) },
    (_, index) => `${prefix}-${token}-${index + 1}`,
  );
  for (const name of names) await optIn(cluster, name);
  return names;
}

async function optIn(cluster: Cluster, name: string): Promise<void> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { [LABELS.response]: 'autonomous' } },
  };
  const rest = await loadManifests(manifestsPath('namespace'));
  for (const object of [namespace, ...rest.map((each) => placed(each, name))])
    await cluster.objects.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  // A controller creates it for each new namespace; no pod is admitted before.
  await until(`The default ServiceAccount of ${name}`, 30, () =>
    cluster.core.readNamespacedServiceAccount({ name: 'default', namespace: name }),
  );
}

function placed(object: KubernetesObject, namespace: string): KubernetesObject {
  object.metadata = Object.assign(object.metadata ?? {}, { namespace });
  return object;
}

/** A pod that kwok runs. Returns its uid. Tries again while the API server is down. */
export function createPod({ core }: Cluster, namespace: string, name: string): Promise<string> {
  return until(`Pod ${namespace}/${name}`, PATIENCE_SECONDS, async () => {
    try {
      const { metadata } = await core.createNamespacedPod({ namespace, body: podOf(name) });
      return metadata?.uid;
    } catch (error) {
      // The API server may have created it and died before its answer.
      if (!(error instanceof ApiException && error.code === 409)) throw error;
      return (await core.readNamespacedPod({ namespace, name })).metadata?.uid;
    }
  });
}

const podOf = (name: string) => ({
  metadata: { name, labels: { app: name } },
  spec: {
    nodeName: 'local',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'shell', image: 'busybox:1.37.0', command: ['sleep', 'infinity'] }],
  },
});

/** Deletes the responder's objects of earlier runs, which count towards the hour's bounds. */
export async function forgetObjects(): Promise<void> {
  const { group, version, incidents, approvals, quarantines } = CUSTOM_RESOURCES;
  const api = configOf().makeApiClient(CustomObjectsApi);
  for (const plural of [incidents, approvals, quarantines])
    await api.deleteCollectionNamespacedCustomObject({ group, version, namespace: NAMESPACES.responder, plural });
}

/** Has the namespaces deleted, with all that is in them. */
export async function closeNamespaces({ core }: Cluster, names: readonly string[]): Promise<void> {
  for (const name of names) await core.deleteNamespace({ name });
}
