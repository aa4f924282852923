import * as kubernetes from '@pulumi/kubernetes';
import { all, type CustomResourceOptions, type Input, Output, output, type Resource } from '@pulumi/pulumi';
import type { Cluster } from '../cluster';
import { fitted } from '../differences';
import type { Manifest } from '../repository/manifests';
import { merged, type Values } from '../repository/values';
import type { Chart } from '../repository/versions';

export interface SecretArguments {
  namespace: string;
  name: string;
  data: Record<string, Input<string>>;
  /** Absent: Opaque. */
  type?: string;
}

/** Installs objects and charts in the cluster. */
export interface Install {
  /** Objects of Kubernetes' own kinds, and of those in manifests/crds, applied together: what others need comes first. */
  objects: (name: string, manifests: Input<Manifest>[], after?: Resource[]) => Resource;
  /**
   * Objects of kinds that a chart installs. ConfigGroup checks whether a kind is namespaced when the chart may not exist yet,
   * and keeps that result (pulumi-kubernetes#3176, #3299); a CustomResource is checked after the chart.
   */
  ofChart: (manifests: Manifest[], chart: Resource) => Resource[];
  /** A chart, as deploy.sh installs it: with its name as the release's. */
  chart: (chart: Chart, namespace: string, layers: Input<Values>[], after: Resource[]) => Resource;
  secret: (secret: SecretArguments, after: Resource[]) => kubernetes.core.v1.Secret;
  namespace: (name: string) => kubernetes.core.v1.Namespace;
  options: CustomResourceOptions;
}

/** The only code that installs something in this cluster. */
export function installer({ inside, podNetwork }: Cluster): Install {
  return {
    options: inside,
    objects: (name, manifests, after = []) =>
      new kubernetes.yaml.v2.ConfigGroup(
        name,
        { objs: forCluster(manifests, podNetwork) },
        { ...inside, dependsOn: after },
      ),
    ofChart: (manifests, chart) =>
      manifests.map(
        (manifest) =>
          new kubernetes.apiextensions.CustomResource(manifest.metadata.name, manifest, {
            ...inside,
            dependsOn: chart,
          }),
      ),
    chart: ({ name, version, repository }, namespace, layers, after) =>
      new kubernetes.helm.v3.Release(
        name,
        {
          name,
          namespace,
          chart: name,
          version,
          repositoryOpts: { repo: repository },
          values: output(layers).apply((all) => merged(...all)),
          timeout: 600,
        },
        { ...inside, dependsOn: after },
      ),
    secret: ({ namespace, name, data, type }, after) =>
      new kubernetes.core.v1.Secret(
        name,
        { metadata: { namespace, name }, stringData: data, ...(type === undefined ? {} : { type }) },
        { ...inside, dependsOn: after },
      ),
    namespace: (name) => new kubernetes.core.v1.Namespace(name, { metadata: { name } }, inside),
  };
}

/** Only those that name the pods' addresses wait for the cluster; of the others a preview tells everything. */
function forCluster(manifests: Input<Manifest>[], podNetwork: Output<string>): Input<Manifest>[] {
  return manifests.map((manifest) =>
    isKnown(manifest) && manifest.kind !== 'NetworkPolicy'
      ? fitted(manifest, '')
      : all([manifest, podNetwork]).apply(([each, network]) => fitted(each, network)),
  );
}

const isKnown = (manifest: Input<Manifest>): manifest is Manifest =>
  !Output.isInstance(manifest) && !(manifest instanceof Promise);
