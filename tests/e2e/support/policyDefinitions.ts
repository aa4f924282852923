import type { KubernetesObject } from '@kubernetes/client-node';

import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { until } from '../../../cluster/local/process/wait';

/** A kind of network policy that some cluster has: name, version and scope are the real one's; any content is taken. */
export interface Definition {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

const define = (group: string, version: string, kind: string, plural: string, namespaced: boolean): Definition => ({
  group,
  version,
  kind,
  plural,
  namespaced,
});

export const DEFINITIONS = {
  cilium: define('cilium.io', 'v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies', true),
  ciliumWide: define('cilium.io', 'v2', 'CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies', false),
  calicoKept: define('crd.projectcalico.org', 'v1', 'NetworkPolicy', 'networkpolicies', true),
  calicoWide: define('crd.projectcalico.org', 'v1', 'GlobalNetworkPolicy', 'globalnetworkpolicies', false),
  calico: define('projectcalico.org', 'v3', 'NetworkPolicy', 'networkpolicies', true),
  admin: define('policy.networking.k8s.io', 'v1alpha1', 'AdminNetworkPolicy', 'adminnetworkpolicies', false),
  cluster: define('policy.networking.k8s.io', 'v1alpha2', 'ClusterNetworkPolicy', 'clusternetworkpolicies', false),
  antrea: define('crd.antrea.io', 'v1beta1', 'ClusterNetworkPolicy', 'clusternetworkpolicies', false),
} as const;

function definitionOf({ group, version, kind, plural, namespaced }: Definition): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Groups under k8s.io are Kubernetes' own, which this one is.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/network-policy-api/pull/2' },
    },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
        },
      ],
    },
  } as KubernetesObject;
}

/** Makes the kinds known to the API server, and waits until it serves them. */
export async function install(cluster: Cluster, definitions: readonly Definition[]): Promise<void> {
  for (const definition of definitions) {
    await cluster.objects.create(definitionOf(definition));
    await until(`${definition.plural}.${definition.group} served`, 30, async () => {
      await cluster.objects.list(apiVersionOf(definition), definition.kind);
      return true;
    });
  }
}

export async function uninstall(cluster: Cluster, definitions: readonly Definition[]): Promise<void> {
  for (const definition of definitions) await cluster.objects.delete(definitionOf(definition)).catch(() => undefined);
}

const apiVersionOf = ({ group, version }: Definition): string => `${group}/${version}`;

/** An object of such a kind. */
export function policyOf(definition: Definition, name: string, namespace: string, spec: object): KubernetesObject {
  return {
    apiVersion: apiVersionOf(definition),
    kind: definition.kind,
    metadata: { name, ...(definition.namespaced ? { namespace } : {}) },
    spec,
  } as KubernetesObject;
}
