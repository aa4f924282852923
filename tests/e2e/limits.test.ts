import type { V1OwnerReference, V1Pod } from '@kubernetes/client-node';

import { clusterOf } from '../../adapters/kubernetes/cluster';
import { requestApproval } from '../../adapters/kubernetes/resources/approvals';
import { decideApproval } from '../../app/approvals';
import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { findRecord } from '../../adapters/kubernetes/resources/records';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { LABELS, NAMESPACES } from '../../core/names';
import { approvalSpec } from '../../core/response/approvalItem';
import { decidedItems } from '../../core/response/decidedItem';
import { ownLabels } from '../../core/response/originalLabels';
import { type Incident, readIncident } from '../../core/incident/incident';
import { alertOf } from '../support/alerts';
import { anotherUid } from './support/incident';
import { resources } from './support/admission';
import { targetOf } from './support/pods';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { connectResponder, run } from './support/responder';
import { FIRST_START_MS, startCluster } from './support/stack';
import { create, readyPods, remove } from './support/workload';

const namespace = NAMESPACES.playground;

/** Kubernetes' own limits: of a label's key (prefix, slash, name) and value, and of a pod's annotations together. */
const LONGEST = { prefix: 253, name: 63, value: 63, annotations: 262_144, podName: 253 };

let admin: Cluster;
let responder: KubernetesClient;
const made: string[] = [];

beforeAll(async () => {
  responder = await connectResponder(await startCluster());
  admin = connect();
  await setPolicy(admin, { budget: AMPLE });
  await forgetReservations(responder);
}, FIRST_START_MS);
afterAll(async () => {
  for (const name of made.splice(0))
    await admin.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }).catch(() => undefined);
});

type Texts = Record<string, string>;

/** So many labels whose keys and values are as long as Kubernetes lets them be. */
function longLabels(count: number): Texts {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const prefix = `${'p'.repeat(62)}.`.repeat(4).slice(0, LONGEST.prefix - 1);
      return [`${prefix}p/${String(index).padStart(LONGEST.name, 'k')}`, 'v'.repeat(LONGEST.value)];
    }),
  );
}

const shortLabels = (count: number): Texts =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index.toString(36)}`, '']));

/** Annotations whose keys and values together are so many bytes. */
function annotations(bytes: number, count = 1): Texts {
  const each = Math.floor(bytes / count);
  const texts = Array.from({ length: count }, (_, index) => {
    const key = `a${String(index).padStart(7, '0')}`;
    const length = index === count - 1 ? bytes - each * (count - 1) : each;
    return [key, 'x'.repeat(length - key.length)];
  });
  return Object.fromEntries(texts) as Texts;
}

interface Shape {
  name?: string;
  labels?: Texts;
  annotations?: Texts;
  ownerReferences?: V1OwnerReference[];
  /** Of an environment variable. */
  text?: string;
}

/** Nobody schedules it, so that only the test writes to it. */
async function podOf({ name, text, ...metadata }: Shape): Promise<V1Pod> {
  const pod = await admin.core.createNamespacedPod({
    namespace,
    body: {
      metadata: { ...(name === undefined ? { generateName: 'limits-' } : { name }), ...metadata },
      spec: {
        automountServiceAccountToken: false,
        schedulerName: 'nobody',
        containers: [
          {
            name: 'main',
            image: 'busybox:1.37.0',
            resources: resources('1'),
            ...(text === undefined ? {} : { env: [{ name: 'TEXT', value: text }] }),
          },
        ],
      },
    },
  });
  made.push(pod.metadata?.name ?? '');
  return pod;
}

const incidentOn = (pod: V1Pod): Incident => ({
  alert: alertOf('pod-delete-test', { id: anotherUid(), target: targetOf(pod), time: new Date().toISOString() }),
});

async function approved(
  incident: Incident,
  choice: 'quarantine_pod' | 'release_pod' | 'delete_pod',
): Promise<Incident> {
  const own = { ...incident, alert: { ...incident.alert, id: anotherUid() } };
  const { metadata } = await requestApproval(responder, approvalSpec(own, 1, new Date()));
  const verdict = { choice, by: 'ada@example.com', via: 'form' } as const;
  return readIncident({
    ...decidedItems((await decideApproval(clusterOf(responder), metadata.name, verdict, new Date())).approval)[0],
  });
}

const read = ({ metadata }: V1Pod) => admin.core.readNamespacedPod({ namespace, name: metadata?.name ?? '' });

/** Isolates a pod by a person's approval; expects that it is done and that the record has all its labels. */
async function isolate(incident: Incident, pod: V1Pod): Promise<V1Pod> {
  const isolated = await run('quarantine_pod', responder, await approved(incident, 'quarantine_pod'));
  expect(isolated).toMatchObject({ outcome: 'done', contained: 'partial' });
  const record = await findRecord(responder, pod.metadata?.uid ?? '');
  expect(record?.spec.originalLabels).toEqual(pod.metadata?.labels ?? {});
  expect(record?.status).toMatchObject({ state: 'Quarantined' });
  const live = await read(pod);
  expect(live.metadata?.labels).toMatchObject({ [LABELS.quarantined]: 'true' });
  return live;
}

/** Isolates, releases and deletes (which isolates again); expects each to be done, and nothing to be lost. */
async function goThrough(pod: V1Pod): Promise<void> {
  const { labels, annotations } = pod.metadata ?? {};
  const incident = incidentOn(pod);
  await isolate(incident, pod);
  expect(await run('quarantine_pod', responder, incident)).toMatchObject({ outcome: 'unchanged', changed: [] });

  const released = await run('release_pod', responder, await approved(incident, 'release_pod'));
  expect(released).toMatchObject({ outcome: 'done' });
  const after = (await read(pod)).metadata;
  expect(after?.labels).toEqual(labels);
  expect(after?.annotations).toEqual(annotations);

  const deleted = await run('delete_pod', responder, await approved(incident, 'delete_pod'));
  expect(deleted).toMatchObject({ outcome: 'done', reason: 'the pod is gone' });
  expect(deleted.gaps.join()).not.toContain('was not isolated');
}

describe("a pod at Kubernetes' own limits is isolated, released and deleted", () => {
  const owner = (text: string): V1OwnerReference[] => [
    { apiVersion: 'v1', kind: text, name: text, uid: text, controller: true },
  ];

  test.each<[string, () => Shape]>([
    ['257 labels', () => ({ labels: shortLabels(257) })],
    ['1,500 labels', () => ({ labels: shortLabels(1500) })],
    ['5,000 labels', () => ({ labels: shortLabels(5000) })],
    ['600 labels of the longest keys and values', () => ({ labels: longLabels(600) })],
    ['1,700 labels of the longest keys and values', () => ({ labels: longLabels(1700) })],
    ['annotations that are full', () => ({ labels: shortLabels(3), annotations: annotations(LONGEST.annotations) })],
    [
      '5,000 annotations that are full',
      () => ({ labels: shortLabels(3), annotations: annotations(LONGEST.annotations, 5000) }),
    ],
    [
      'annotations that leave room for all of ours but the labels',
      () => ({ labels: longLabels(10), annotations: annotations(LONGEST.annotations - 2000) }),
    ],
    ['a name of 253 characters', () => ({ name: 'n'.repeat(LONGEST.podName) })],
    ['a controller kind of 64 characters', () => ({ ownerReferences: owner('K'.repeat(64)) })],
    ['a controller of 5,000 characters', () => ({ ownerReferences: owner('😀'.repeat(5000)) })],
    ['a spec of 1.3 MB', () => ({ labels: shortLabels(3), text: 'x'.repeat(1_300_000) })],
  ])(
    '%s',
    async (_what, shape) => {
      await goThrough(await podOf(shape()));
    },
    120_000,
  );
});

describe('a pod of a Deployment is detached as far as its labels can be kept', () => {
  test.each<[string, Texts, boolean]>([
    ['257 labels', shortLabels(257), true],
    ['1,500 labels', shortLabels(1500), true],
    ['600 labels of the longest keys and values, which fit into an annotation', longLabels(600), true],
    ['800 labels of the longest keys and values, which do not', longLabels(800), false],
  ])(
    '%s',
    async (_what, labels, detached) => {
      const name = `limits-${Object.keys(labels).length}`;
      await create(admin, 'Deployment', name, { replicas: 2 }, labels);
      try {
        const [pod] = await readyPods(admin, name, 2);
        const incident = incidentOn(pod ?? {});
        const live = await isolate(incident, pod ?? {});
        expect(Object.keys(ownLabels(live.metadata?.labels ?? {})).length === 0).toBe(detached);
        // Read back by the release itself: its controller may end the pod as soon as it is its own again.
        const release = await approved(incident, 'release_pod');
        const released = await run('release_pod', responder, release, { readopt: true });
        expect(released).toMatchObject({
          outcome: 'done',
          changed: [expect.stringContaining('its labels back') as string],
        });
      } finally {
        await remove(admin, 'Deployment', name);
      }
    },
    180_000,
  );
});
