import type { V1NetworkPolicy, V1Pod } from '@kubernetes/client-node';

import { connect, type KubernetesAccess } from '../../../adapters/kubernetes/api/client';
import { clusterOf } from '../../../adapters/kubernetes/cluster';
import type { CustomObject } from '../../../adapters/kubernetes/api/customObjects';
import { perform } from '../../../app/perform';
import { type Cluster, findPod } from '../../../cluster/local/kubernetes/client';
import { until } from '../../../cluster/local/process/wait';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import { quarantinePolicy } from '../../../core/response/quarantine';
import { factsOf, latestRecords, recordSchema } from '../../../core/response/record';
import { type Action } from '../../../core/incident/actions';
import { isSettled } from '../../../core/incident/response';
import { alertOf } from '../../support/alerts';
import { objects } from '../../support/manifests';
import { OPTIONS } from './responder';

/** What an operation is about. It goes to a child process as JSON. */
export interface Subject {
  pod: string;
  uid: string;
}

/** What an operation says of its end. */
export interface Report {
  outcome: string;
  reason: string;
  /** It claims that the cluster is as wanted. */
  settled: boolean;
  /** It claims that the pod is no longer there. */
  podLost: boolean;
}

/** What counts of the cluster after an operation; times and uids, which differ from run to run, are left out. */
export interface ClusterState {
  /** Null when there is none with the subject's uid. */
  pod: object | null;
  [part: string]: unknown;
}

export interface Preparation {
  /** As administrator. */
  cluster: Cluster;
  /** As responder, with nothing in between. */
  access: KubernetesAccess;
}

/** Something whose every call may fail. A new one is an entry of OPERATIONS. */
export interface Operation {
  name: string;
  /** When every fault is tried; else those that differ most, since most steps are another operation's. */
  thorough: 'always' | 'with EVERY_FAULT' | 'never';
  /** Brings the cluster to where the operation begins. */
  prepare: (preparation: Preparation) => Promise<Subject>;
  run: (access: KubernetesAccess, subject: Subject, callTimeoutMs?: number) => Promise<Report>;
  /** Reads the cluster as administrator. */
  state: (cluster: Cluster, subject: Subject) => Promise<ClusterState>;
}

const POD = 'escalate-test';
/** Bytes of all keys and values together, as much as Kubernetes takes. */
const FULL_ANNOTATIONS = 262_144;
/** kwok's. */
const NODE = 'local';
const namespace = NAMESPACES.playground;

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'quarantine_pod',
    thorough: 'always',
    prepare: ({ cluster }) => preparePod(cluster),
    run: act('quarantine_pod'),
    state: podState,
  },
  {
    name: 'quarantine_pod without its NetworkPolicy',
    thorough: 'never',
    prepare: async ({ cluster }) => {
      const subject = await preparePod(cluster);
      await cluster.objects.delete(quarantinePolicy(namespace));
      return subject;
    },
    run: act('quarantine_pod'),
    state: podState,
  },
  {
    name: 'quarantine_pod of a pod whose annotations are full',
    thorough: 'never',
    prepare: ({ cluster }) => preparePod(cluster, { filler: 'x'.repeat(FULL_ANNOTATIONS - 'filler'.length) }),
    run: act('quarantine_pod'),
    state: podState,
  },
  {
    name: 'quarantine_pod of a pod that was released',
    thorough: 'never',
    prepare: async ({ cluster, access }) => {
      const subject = await preparePod(cluster);
      for (const action of ['quarantine_pod', 'release_pod'] as const) {
        const report = await act(action)(access, subject);
        if (!report.settled) throw new Error(`${action} could not prepare the pod: ${report.reason}`);
      }
      return subject;
    },
    run: act('quarantine_pod'),
    state: podState,
  },
  {
    name: 'release_pod',
    thorough: 'with EVERY_FAULT',
    prepare: async ({ cluster, access }) => {
      const subject = await preparePod(cluster);
      const report = await act('quarantine_pod')(access, subject);
      if (!report.settled) throw new Error(`the pod could not be quarantined: ${report.reason}`);
      return subject;
    },
    run: act('release_pod'),
    state: podState,
  },
  {
    name: 'delete_pod',
    thorough: 'never',
    prepare: ({ cluster }) => preparePod(cluster),
    run: act('delete_pod'),
    state: podState,
  },
  {
    name: 'evict_pod',
    thorough: 'never',
    prepare: ({ cluster }) => preparePod(cluster),
    run: act('evict_pod'),
    state: podState,
  },
];

function act(action: Action): Operation['run'] {
  return async (access, { pod, uid }, callTimeoutMs) => {
    const target = { namespace, pod, podUid: uid, container: null, image: null };
    const { outcome, reason } = await perform(
      action,
      clusterOf(await connect(access, { watch: false, ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }) })),
      { alert: alertOf('pod-delete-test', { target, time: new Date().toISOString() }) },
      OPTIONS,
    );
    return {
      outcome,
      reason,
      settled: isSettled({ action, outcome }) || (action === 'evict_pod' && outcome === 'gone'),
      podLost: outcome === 'gone' || outcome === 'replaced',
    };
  };
}

/**
 * The pod as new, and the NetworkPolicy, which an earlier case may have left out. Its node is named: where a name comes
 * again while the scheduler still has its predecessor in hand, the new pod can stay pending for minutes.
 */
async function preparePod(cluster: Cluster, annotations: Record<string, string> = {}): Promise<Subject> {
  // kwok loses a pod now and then whose name comes again while it is still about to delete its predecessor.
  const running = (await newPod(cluster, annotations).catch(() => undefined)) ?? (await newPod(cluster, annotations));
  if ((await networkPolicy(cluster)) === undefined) await cluster.objects.create(quarantinePolicy(namespace));
  return { pod: POD, uid: running.metadata?.uid ?? '' };
}

async function newPod(cluster: Cluster, annotations: Record<string, string>): Promise<V1Pod> {
  const { core } = cluster;
  const live = await findPod(cluster, POD);
  if (live !== undefined) {
    await core.deleteNamespacedPod({ namespace, name: POD, gracePeriodSeconds: 0 });
    await until(`pod ${POD} gone`, 15, async () => (await findPod(cluster, POD)) === undefined || undefined);
  }
  const body = structuredClone(objects<V1Pod>('Pod').find(({ metadata }) => metadata?.name === POD));
  if (body?.spec === undefined) throw new Error(`manifests/playground has no pod named ${POD}`);
  body.spec.nodeName = NODE;
  body.metadata = { name: POD, labels: body.metadata?.labels ?? {}, annotations };
  await core.createNamespacedPod({ namespace, body });
  return until(`pod ${POD} running`, 30, async () => {
    const pod = await findPod(cluster, POD);
    return pod?.status?.phase === 'Running' ? pod : undefined;
  });
}

async function podState(cluster: Cluster, { pod, uid }: Subject): Promise<ClusterState> {
  const [live, policy] = await Promise.all([findPod(cluster, pod), networkPolicy(cluster)]);
  const { labels = {}, annotations = {}, deletionTimestamp, uid: liveUid } = live?.metadata ?? {};
  return {
    pod:
      liveUid === uid
        ? { labels, annotations: withoutTimes(annotations), deleting: deletionTimestamp !== undefined }
        : null,
    networkPolicy: policy?.spec ?? null,
    record: await recordOf(cluster, uid),
  };
}

/** What our record says in the end; who decided and when differs from run to run. */
async function recordOf({ objects }: Cluster, uid: string): Promise<object | null> {
  const { items } = await objects.list<CustomObject>(CUSTOM_RESOURCES.apiVersion, 'Quarantine', NAMESPACES.responder);
  const found = latestRecords(items.map((item) => recordSchema.parse(item))).get(uid);
  if (found === undefined) return null;
  const { state } = found.status;
  const { contained, detached } = factsOf(found);
  return { name: found.metadata.name.replace(uid, 'uid'), state, contained, detached };
}

async function networkPolicy({ objects }: Cluster): Promise<V1NetworkPolicy | undefined> {
  const { items } = await objects.list<V1NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', namespace);
  return items.find(({ metadata }) => metadata?.name === quarantinePolicy(namespace).metadata.name);
}

function withoutTimes(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'a time' : value]),
  );
}
