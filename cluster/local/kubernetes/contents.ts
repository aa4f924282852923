import { readFile } from 'node:fs/promises';
import {
  ApiException,
  loadYaml,
  PatchStrategy,
  type KubernetesObject,
  type V1CustomResourceDefinition,
  type V1Node,
} from '@kubernetes/client-node';
import { FIELD_MANAGER, type Cluster } from './client.js';
import { loadManifests } from './manifests.js';
import { configPath, manifestsPath } from '../paths.js';
import { until } from '../process/wait.js';

/** What a cluster needs before it can take alerts. Server-side apply: a second time changes nothing. */
export async function applyContents(cluster: Cluster): Promise<void> {
  const definitions = (await loadManifests(manifestsPath('crds'))) as V1CustomResourceDefinition[];
  for (const definition of definitions) await apply(cluster, definition);
  await Promise.all(definitions.map((definition) => established(cluster, definition)));
  const node = loadYaml<V1Node>(await readFile(configPath('node.yaml'), 'utf8'));
  const [policy, token] = [await loadManifests(manifestsPath('policy')), await loadManifests(manifestsPath('token'))];
  const responsePolicy = loadYaml<KubernetesObject>(await readFile(configPath('response-policy.yaml'), 'utf8'));
  const wanted = [...policy.filter(({ kind }) => kind !== responsePolicy.kind), responsePolicy, ...token];
  for (const object of [node, ...wanted]) await apply(cluster, object);
}

async function apply({ objects }: Cluster, object: KubernetesObject): Promise<void> {
  const patch = (): Promise<unknown> =>
    objects.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  try {
    await patch();
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 422) throw error;
    // An API server that was started again kept its admission policies, but cannot judge by them until it finds their
    // parameters.
    if (error.message.includes('failed to configure policy')) {
      await until(`${object.kind ?? ''} ${object.metadata?.name ?? ''}`, 60, () => patch().then(() => true));
      return;
    }
    // A binding cannot be turned to another role; one of an earlier version is replaced.
    if (object.kind !== 'RoleBinding') throw error;
    await objects.delete(object);
    await patch();
  }
}

/** Until its resources are served and the API server's list of resources names them. */
async function established({ objects }: Cluster, definition: V1CustomResourceDefinition): Promise<void> {
  const { group, names, versions } = definition.spec;
  await until(`CustomResourceDefinition ${names.plural}`, 30, async () => {
    const { status } = await objects.read<V1CustomResourceDefinition>({
      apiVersion: definition.apiVersion ?? '',
      kind: definition.kind ?? '',
      metadata: { name: `${names.plural}.${group}` },
    });
    if (!status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) return undefined;
    const served = versions.filter((version) => version.served);
    for (const { name } of served) {
      await objects.list(`${group}/${name}`, names.kind);
    }
    return true;
  });
}
