import { ApiException, type KubernetesObject, PatchStrategy } from '@kubernetes/client-node';

import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { until } from '../../../cluster/local/process/wait';
import { LABELS, NAMESPACES, SERVICE_ACCOUNT } from '../../../core/names';
import { quarantinePolicy } from '../../../core/response/quarantine';

/** Opted in and granted: where the responder acts. */
export const PLAYGROUND = NAMESPACES.playground;
/** Granted, and opted in against all advice: only policy's list of infrastructure namespaces stands in the way. */
export const INFRASTRUCTURE = 'kube-system';
/** Granted, not opted in. */
export const OBSERVED = 'observed';
/** Opted in, not granted. */
export const UNBOUND = 'unbound';

/** A pod in each namespace that no alert is about. */
export const BYSTANDER = 'bystander';

const ALL = [PLAYGROUND, INFRASTRUCTURE, OBSERVED, UNBOUND];
const GRANTED = [INFRASTRUCTURE, OBSERVED];
const OPTED_IN = [INFRASTRUCTURE, UNBOUND];
const MADE_HERE = [OBSERVED, UNBOUND];

const FIELD_MANAGER = 'injection-test';
const MARK = { 'injection-test': 'yes' };

const apply = (cluster: Cluster, object: KubernetesObject) =>
  cluster.objects.patch(object, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);

/** What a person does to let the responder into a namespace. */
const grant = (inNamespace: string): KubernetesObject =>
  ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: SERVICE_ACCOUNT, namespace: inNamespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: SERVICE_ACCOUNT },
    subjects: [{ kind: 'ServiceAccount', name: SERVICE_ACCOUNT, namespace: NAMESPACES.responder }],
  }) as KubernetesObject;

const namespace = (name: string, labels: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** Makes the namespaces, the grants and the bystanders. What an interrupted run left behind goes first. */
export async function prepareNamespaces(cluster: Cluster): Promise<void> {
  await cleanUpNamespaces(cluster);
  for (const name of [...GRANTED, ...OPTED_IN])
    await apply(cluster, namespace(name, OPTED_IN.includes(name) ? { [LABELS.response]: 'autonomous' } : {}));
  for (const name of GRANTED) await apply(cluster, grant(name));
  for (const name of ALL) {
    // A controller makes it for each new namespace; no pod is admitted before.
    await until(`the default ServiceAccount of ${name}`, 30, () =>
      cluster.core.readNamespacedServiceAccount({ name: 'default', namespace: name }),
    );
    await createPod(cluster, name, BYSTANDER);
    // From here on nothing but an action changes it.
    await until(`${name}/${BYSTANDER} running`, 30, async () => {
      const { status } = await cluster.core.readNamespacedPod({ namespace: name, name: BYSTANDER });
      return status?.phase === 'Running' || undefined;
    });
  }
}

/** The bystanders as the API server has them: whatever changes one changes its version. */
export const bystanders = ({ core }: Cluster): Promise<(string | undefined)[]> =>
  Promise.all(
    ALL.map(async (inNamespace) => {
      const { metadata } = await core.readNamespacedPod({ namespace: inNamespace, name: BYSTANDER });
      return metadata?.resourceVersion;
    }),
  );

/** Leaves the cluster as it was. */
export async function cleanUpNamespaces(cluster: Cluster): Promise<void> {
  const labelSelector = Object.entries(MARK)
    .map((pair) => pair.join('='))
    .join();
  for (const name of ALL)
    await cluster.core.deleteCollectionNamespacedPod({ namespace: name, labelSelector, gracePeriodSeconds: 0 });
  // The NetworkPolicy is what the responder makes once policy is off.
  for (const name of GRANTED)
    for (const object of [grant(name), quarantinePolicy(name)]) await unlessGone(cluster.objects.delete(object));
  await apply(cluster, namespace(INFRASTRUCTURE, {}));
  for (const name of MADE_HERE) await unlessGone(cluster.core.deleteNamespace({ name }));
  for (const name of MADE_HERE)
    await until(`namespace ${name} gone`, 60, async () => {
      const { items } = await cluster.core.listNamespace();
      return items.every(({ metadata }) => metadata?.name !== name) || undefined;
    });
}

/** 409: a namespace whose deletion has begun already. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof ApiException && [404, 409].includes(error.code))) throw error;
  });
}

/** A pod on the one node, which kwok plays. Returns its uid. */
export async function createPod(
  { core }: Cluster,
  inNamespace: string,
  name: string,
  { labels = {}, annotations = {} }: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
): Promise<string> {
  const { metadata } = await core.createNamespacedPod({
    namespace: inNamespace,
    body: {
      metadata: { name, labels: { ...labels, ...MARK }, annotations },
      spec: {
        nodeName: 'local',
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'shell', image: 'busybox:1.37.0', command: ['sleep', 'infinity'] }],
      },
    },
  });
  return metadata?.uid ?? '';
}
