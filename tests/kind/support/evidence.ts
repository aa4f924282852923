import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';

import type { Cluster } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { JOB, NAMESPACES } from '../../../core/names';
import { objects } from '../../support/manifests';

/** What the talkative pod's container writes, which only a real kubelet can tell. */
export const SAID = 'the last thing this container said';

/** A pod of the playground's form that writes one line and sleeps. */
export async function talkativePod({ core }: Cluster): Promise<V1Pod> {
  const spec = structuredClone(objects<V1Pod>('Pod')[0]?.spec) as unknown as V1PodSpec;
  for (const container of spec.containers) container.command = ['sh', '-c', `echo "${SAID}"; sleep infinity`];
  const name = `talkative-${Date.now()}`;
  const namespace = NAMESPACES.playground;
  await core.createNamespacedPod({ namespace, body: { metadata: { name, labels: { app: name } }, spec } });
  return until(`pod ${name}`, 60, async () => {
    const pod = await core.readNamespacedPod({ namespace, name });
    const log = pod.status?.phase === 'Running' ? await core.readNamespacedPodLog({ namespace, name }) : '';
    return log.includes(SAID) ? pod : undefined;
  });
}

/** All that Loki has of one kind of an incident's evidence. */
export async function evidence({ urls }: Stack, incident: string, kind: string): Promise<string> {
  const query = `{job="${JOB}"} | incident_id="${incident}" | event="evidence" | kind="${kind}"`;
  return until(`${kind} of incident ${incident}`, 30, async () => {
    const answer = await fetch(`${urls.loki}/loki/api/v1/query_range?${new URLSearchParams({ query }).toString()}`);
    const { data } = (await answer.json()) as { data: { result: { values: [string, string][] }[] } };
    const lines = data.result.flatMap(({ values }) => values.map(([, line]) => line));
    return lines.length > 0 ? lines.join('\n') : undefined;
  });
}
