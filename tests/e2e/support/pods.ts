import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';

import { loadAlert, freshAlert, now } from '../../../cluster/local/alerts/alertFiles';
import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { until } from '../../../cluster/local/process/wait';
import type { Target } from '../../../core/incident/alert';
import { NAMESPACES } from '../../../core/names';
import { objects } from '../../support/manifests';

const namespace = NAMESPACES.playground;

/** Bare pods of the playground's form, running. Their names begin with `prefix`. */
export async function createPods({ core }: Cluster, prefix: string, count: number): Promise<V1Pod[]> {
  const [template] = objects<V1Pod>('Pod');
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(
    names.map((name) =>
      core.createNamespacedPod({
        namespace,
        body: {
          apiVersion: 'v1',
          kind: 'Pod',
          spec: template?.spec as object as V1PodSpec,
          metadata: { name, labels: { app: name, 'e2e-prefix': prefix } },
        },
      }),
    ),
  );
  return until(`${count} running pods ${prefix}`, 60, async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `e2e-prefix=${prefix}` });
    return items.length === count && items.every(({ status }) => status?.phase === 'Running') ? items : undefined;
  });
}

export async function deletePods({ core }: Cluster, pods: readonly V1Pod[]): Promise<void> {
  await Promise.all(
    pods.map(({ metadata }) =>
      core.deleteNamespacedPod({ namespace, name: metadata?.name ?? '', gracePeriodSeconds: 0 }).catch(() => undefined),
    ),
  );
}

/** A pod as the target of an alert that names it by its uid. */
export const targetOf = ({ metadata }: V1Pod): Target => ({
  namespace,
  pod: metadata?.name ?? '',
  podUid: metadata?.uid ?? '',
  container: null,
  image: null,
});

/** One of the recorded alerts, about another pod of the playground, and of another rule if one is given. */
export async function alertOn(recorded: string, { metadata }: V1Pod, rule?: string): Promise<string> {
  const alert = await loadAlert(recorded);
  if (rule !== undefined) alert.rule = rule;
  alert.output_fields['k8s.pod.name'] = metadata?.name ?? '';
  return freshAlert(alert, now(metadata?.uid ?? ''));
}
