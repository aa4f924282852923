import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  loadAllYaml,
  loadYaml,
  PatchStrategy,
  type KubernetesObject,
  type V1Node,
  type V1Pod,
} from '@kubernetes/client-node';
import { z } from 'zod/v4';
import { NAMESPACES } from '../../core/names.js';
import { configPath, KUBECONFIG, manifestsPath } from './paths.js';
import { until } from './wait.js';

const FIELD_MANAGER = 'deploy.sh';

export interface Cluster {
  core: CoreV1Api;
  objects: KubernetesObjectApi;
}

/** The cluster, as its administrator. */
export function connect(): Cluster {
  const config = new KubeConfig();
  config.loadFromFile(KUBECONFIG);
  return { core: config.makeApiClient(CoreV1Api), objects: KubernetesObjectApi.makeApiClient(config) };
}

/** The objects of a folder of manifests, in the order of its kustomization. */
async function manifests(folder: string): Promise<KubernetesObject[]> {
  const kustomization = await readFile(join(folder, 'kustomization.yaml'), 'utf8');
  const { resources } = z.object({ resources: z.array(z.string()) }).parse(loadYaml(kustomization));
  const files = await Promise.all(resources.map((name) => readFile(join(folder, name), 'utf8')));
  return files.flatMap((text) => loadAllYaml(text) as KubernetesObject[]);
}

/** What a cluster needs before it can take alerts. Server-side apply: a second time changes nothing. */
export async function applyContents({ objects }: Cluster): Promise<void> {
  const node = loadYaml<V1Node>(await readFile(configPath('node.yaml'), 'utf8'));
  const wanted = [node, ...(await manifests(manifestsPath('policy'))), ...(await manifests(manifestsPath('token')))];
  for (const object of wanted) {
    await objects.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  }
}

/** The playground's pods that do not exist yet, created and waited for. */
export async function ensurePlayground(cluster: Cluster): Promise<void> {
  const pods = (await manifests(manifestsPath('playground'))) as V1Pod[];
  await Promise.all(
    pods.map(async (pod) => {
      if ((await findPod(cluster, nameOf(pod))) === undefined) await createPod(cluster, pod);
    }),
  );
}

/** A playground pod as new: one that was acted on, is missing or does not run is replaced. */
export async function freshPod(cluster: Cluster, name: string): Promise<V1Pod> {
  const live = await findPod(cluster, name);
  if (live?.status?.phase === 'Running' && !wasActedOn(live)) return live;
  if (live) {
    await cluster.core.deleteNamespacedPod({ name, namespace: NAMESPACES.playground, gracePeriodSeconds: 0 });
    await until(`Pod ${name} gone`, 15, async () => (await findPod(cluster, name)) === undefined || undefined);
  }
  const pods = (await manifests(manifestsPath('playground'))) as V1Pod[];
  const pod = pods.find((candidate) => nameOf(candidate) === name);
  if (!pod) throw new Error(`manifests/playground has no pod named ${name}`);
  return createPod(cluster, pod);
}

export async function findPod({ core }: Cluster, name: string): Promise<V1Pod | undefined> {
  try {
    return await core.readNamespacedPod({ name, namespace: NAMESPACES.playground });
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}

/** Creates a pod and binds it to the one node, which elsewhere is the scheduler's work. */
async function createPod(cluster: Cluster, pod: V1Pod): Promise<V1Pod> {
  const name = nameOf(pod);
  const node = loadYaml<V1Node>(await readFile(configPath('node.yaml'), 'utf8'));
  const namespace = NAMESPACES.playground;
  await cluster.core.createNamespacedPod({ namespace, body: pod, fieldManager: FIELD_MANAGER });
  await cluster.core.createNamespacedPodBinding({
    name,
    namespace,
    body: { metadata: { name }, target: { apiVersion: 'v1', kind: 'Node', name: nameOf(node) } },
  });
  return until(`Pod ${name} running`, 30, async () => {
    const live = await findPod(cluster, name);
    return live?.status?.phase === 'Running' ? live : undefined;
  });
}

function wasActedOn({ metadata }: V1Pod): boolean {
  const keys = [...Object.keys(metadata?.labels ?? {}), ...Object.keys(metadata?.annotations ?? {})];
  return metadata?.deletionTimestamp !== undefined || keys.some((key) => key.startsWith('security/'));
}

function nameOf({ metadata }: KubernetesObject): string {
  if (!metadata?.name) throw new Error('A manifest has no metadata.name');
  return metadata.name;
}
