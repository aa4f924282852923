import * as digitalocean from '@pulumi/digitalocean';
import * as kubernetes from '@pulumi/kubernetes';
import { type CustomResourceOptions, type Output, type Resource, secret } from '@pulumi/pulumi';
import type { Settings } from './settings/settings';

export interface Cluster {
  /** The administrator's. */
  kubeconfig: Output<string>;
  /** Where it is reached, and the authority that signed its certificate, in base64. */
  entrance: Output<{ server: string; authority: string }>;
  /** The addresses of its pods. */
  podNetwork: Output<string>;
  /** For whatever lives in it. */
  inside: CustomResourceOptions;
}

/** The cluster, and the way into it. */
export function cluster(
  { name, region, nodeSize, nodeCount, version }: Settings['cluster'],
  exactVersion: string,
  after: Resource[],
): Cluster {
  const made = new digitalocean.KubernetesCluster(
    'workshop',
    {
      name,
      region,
      version: exactVersion,
      autoUpgrade: false, // not in the middle of a workshop
      surgeUpgrade: false,
      nodePool: { name: `${name}-nodes`, size: nodeSize, nodeCount, autoScale: false },
      // Load balancers and volumes that Kubernetes requested are not resources of this program. They are deleted with the
      // cluster; otherwise they would cost money forever.
      destroyAllAssociatedResources: true,
      tags: ['security-workshop'],
    },
    // A minor version means its newest release at creation; a later release does not upgrade an existing cluster.
    {
      dependsOn: after,
      additionalSecretOutputs: ['kubeConfigs'],
      ignoreChanges: version === exactVersion ? [] : ['version'],
    },
  );
  const kubeconfig = secret(made.kubeConfigs.apply(([first]) => first?.rawConfig ?? ''));
  const entrance = made.kubeConfigs.apply(([first]) => ({
    server: first?.host ?? '',
    authority: first?.clusterCaCertificate ?? '',
  }));
  // Its token changes every week; that must not count as another cluster, whose contents would all be created again.
  const provider = new kubernetes.Provider('workshop', { kubeconfig, clusterIdentifier: made.id });
  return { kubeconfig, entrance, podNetwork: made.clusterSubnet, inside: { provider, deletedWith: made } };
}
