import {
  ApiException,
  CoreV1Api,
  KubernetesObjectApi,
  type KubeConfig,
  type KubernetesObject,
  type V1Pod,
} from '@kubernetes/client-node';
import { BREAK_GLASS_GROUP, NAMESPACES } from '../../../core/names.js';
import { ImpersonatingConfig, type Identity } from './impersonation.js';
import { loadManifests } from './manifests.js';
import { KUBECONFIG, logOf, manifestsPath } from '../paths.js';
import { until } from '../process/wait.js';

export const FIELD_MANAGER = 'deploy.sh';

/** The one whom RBAC lets do everything, and the admission policies let write what is the responder's. */
const ADMINISTRATOR: Identity = { user: 'admin', groups: ['system:masters', BREAK_GLASS_GROUP] };

export interface Cluster {
  core: CoreV1Api;
  objects: KubernetesObjectApi;
}

/** The cluster, as its administrator. */
export function connect(kubeconfig = KUBECONFIG): Cluster {
  const config = configOf(ADMINISTRATOR, kubeconfig);
  return { core: config.makeApiClient(CoreV1Api), objects: KubernetesObjectApi.makeApiClient(config) };
}

/** The way to the API server as its administrator, or as anybody else. */
export function configOf(identity = ADMINISTRATOR, kubeconfig = KUBECONFIG): KubeConfig {
  const config = new ImpersonatingConfig(identity);
  config.loadFromFile(kubeconfig);
  return config;
}

/** The playground's pods that do not exist yet, created and waited for. */
export async function ensurePlayground(cluster: Cluster): Promise<void> {
  const pods = (await loadManifests(manifestsPath('playground'))) as V1Pod[];
  // A controller makes it for each new namespace; no pod is admitted before.
  await until('The default ServiceAccount of the playground', 30, () =>
    cluster.core.readNamespacedServiceAccount({ name: 'default', namespace: NAMESPACES.playground }),
  );
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
  const pods = (await loadManifests(manifestsPath('playground'))) as V1Pod[];
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

/**
 * Creates a pod and waits until it runs. KWOK deletes by name alone: a deletion that it still owed the pod before
 * may hit this one, which is then created again.
 */
async function createPod(cluster: Cluster, pod: V1Pod): Promise<V1Pod> {
  const name = nameOf(pod);
  const running = async (): Promise<V1Pod> => {
    const live = await findPod(cluster, name);
    if (live?.status?.phase === 'Running') return live;
    if (!live) {
      await cluster.core.createNamespacedPod({
        namespace: NAMESPACES.playground,
        body: pod,
        fieldManager: FIELD_MANAGER,
      });
    }
    throw new Error(stateOf(live));
  };
  return until(`Pod ${name} running`, 30, running, NOT_RUNNING);
}

/** Who has to do something next. */
function stateOf(pod: V1Pod | undefined): string {
  if (pod === undefined) return 'it was created just now';
  const { deletionTimestamp } = pod.metadata ?? {};
  if (deletionTimestamp !== undefined) return 'it is being deleted, which is up to kwok';
  const phase = pod.status?.phase ?? 'unknown';
  return pod.spec?.nodeName === undefined
    ? `its phase is ${phase}, and kube-scheduler has given it no node`
    : `its phase is ${phase} on node ${pod.spec.nodeName}, and kwok has not started it`;
}

const NOT_RUNNING = `Look into the log that it names (${logOf('kwok')}, ${logOf('kube-scheduler')}), then run the same command again; ./deploy.sh --local --down --purge starts from nothing.`;

function wasActedOn({ metadata }: V1Pod): boolean {
  const keys = [...Object.keys(metadata?.labels ?? {}), ...Object.keys(metadata?.annotations ?? {})];
  return metadata?.deletionTimestamp !== undefined || keys.some((key) => key.startsWith('security/'));
}

function nameOf({ metadata }: KubernetesObject): string {
  if (!metadata?.name) throw new Error('A manifest has no metadata.name');
  return metadata.name;
}
