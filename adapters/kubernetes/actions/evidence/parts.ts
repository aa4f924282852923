import type { EvidencePart } from '../../../../core/incident/evidence';
import { podName } from '../action';
import { apiCall } from '../../api/errors';
import { readEvents } from '../../state/readContext';
import { controllerOf } from '../../state/toPodContext';
import { maskedLog, maskedObject } from './masked';
import type { EvidenceInput, Source } from './source';

type Part = Omit<EvidencePart, 'truncated'>;

/** A log is asked for from its end; the API server cuts it at so many bytes. */
const LOG = { tailLines: 500, limitBytes: 64 * 1024 };

/** The pod as it is, and its containers' names, whose logs are read next. */
export async function manifestPart(input: EvidenceInput): Promise<Part & { containers: string[] }> {
  const { client, context } = input;
  const pod = await apiCall({ what: `read pod ${podName(input)}`, server: client.server }, () =>
    client.core.readNamespacedPod({ namespace: context.namespace.name, name: context.pod.name }),
  );
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? { containers: [] };
  return {
    kind: 'manifest',
    name: context.pod.name,
    content: await maskedObject(pod),
    containers: [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name),
  };
}

export function ownersPart({ client, context: { namespace, pod } }: EvidenceInput): Source {
  const what = 'owner chain';
  return {
    what,
    read: async () => {
      const chain: object[] = [];
      if (pod.owner?.kind === 'ReplicaSet') {
        const { name } = pod.owner;
        const set = await apiCall({ what: `read ReplicaSet ${namespace.name}/${name}`, server: client.server }, () =>
          client.apps.readNamespacedReplicaSet({ namespace: namespace.name, name }),
        );
        chain.push(set);
        const top = controllerOf(set.metadata);
        if (top?.kind === 'Deployment')
          chain.push(
            await apiCall({ what: `read Deployment ${namespace.name}/${top.name}`, server: client.server }, () =>
              client.apps.readNamespacedDeployment({ namespace: namespace.name, name: top.name }),
            ),
          );
      }
      return { kind: 'owners', name: pod.owner?.name ?? 'none', content: await maskedObject([pod.owner, ...chain]) };
    },
  };
}

export function eventsPart({ client, context: { namespace, pod } }: EvidenceInput): Source {
  return {
    what: 'events',
    read: async () => ({
      kind: 'events',
      name: pod.name,
      content: await maskedObject(
        await readEvents(client, { namespace: namespace.name, pod: pod.name, podUid: pod.uid }),
      ),
    }),
  };
}

export function nodePart({ client, context: { pod } }: EvidenceInput): Source {
  return {
    what: 'node',
    read: async () => {
      if (pod.node === null) return { kind: 'node', name: 'none', content: 'the pod is on no node' };
      const name = pod.node;
      const { metadata, status } = await apiCall({ what: `read node ${name}`, server: client.server }, () =>
        client.core.readNode({ name }),
      );
      const kept = { labels: metadata?.labels, nodeInfo: status?.nodeInfo, conditions: status?.conditions };
      return { kind: 'node', name, content: await maskedObject(kept) };
    },
  };
}

export function logParts(input: EvidenceInput, containers: readonly string[]): Source[] {
  const { client, context } = input;
  return containers.map((container) => ({
    what: `logs of container ${container}`,
    read: async () => {
      const log = await apiCall({ what: `read logs of ${podName(input)}/${container}`, server: client.server }, () =>
        client.core.readNamespacedPodLog({
          namespace: context.namespace.name,
          name: context.pod.name,
          container,
          timestamps: true,
          ...LOG,
        }),
      );
      return { kind: 'logs', name: container, content: await maskedLog(wholeLines(log)) };
    },
  }));
}

/** Without the line that the API server cut, where half a secret may be: it is not recognised, and may be enough. */
function wholeLines(log: string): string {
  // A character that the limit cuts in half comes as a longer one.
  if (log.endsWith('\n') || Buffer.byteLength(log) < LOG.limitBytes - 4) return log;
  return `${log.slice(0, log.lastIndexOf('\n') + 1)}[… a line of more than is read]`;
}
