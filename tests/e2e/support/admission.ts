import {
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1ObjectMeta,
  type V1Pod,
} from '@kubernetes/client-node';

import { connect } from '../../../cluster/local/kubernetes/client';
import { ANNOTATIONS, LABELS, NAMESPACES } from '../../../core/names';
import { encodeLabels, ownLabels } from '../../../core/response/originalLabels';

type Labels = Record<string, string>;

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Ways to write a pod's metadata. */
export const WAYS = {
  pod: (core: CoreV1Api, name: string, body: object) =>
    core.patchNamespacedPod({ name, namespace: NAMESPACES.playground, body }, MERGE),
  status: (core: CoreV1Api, name: string, body: object) =>
    core.patchNamespacedPodStatus({ name, namespace: NAMESPACES.playground, body }, MERGE),
  ephemeralcontainers: (core: CoreV1Api, name: string, body: object) =>
    core.patchNamespacedPodEphemeralcontainers({ name, namespace: NAMESPACES.playground, body }, MERGE),
  resize: (core: CoreV1Api, name: string, body: object) =>
    core.patchNamespacedPodResize({ name, namespace: NAMESPACES.playground, body }, MERGE),
};

export const patchPod = WAYS.pod;

export const patchNamespace = (core: CoreV1Api, name: string, body: object) =>
  core.patchNamespace({ name, body }, MERGE);

/** Expects the API server to refuse a call because of an admission policy's rule with this message. */
export async function expectRefusal(call: Promise<unknown>, message: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 403, body: expect.stringContaining(message) as string });
}

/** Pods of a test of its own in the playground. Nobody schedules them, so that only the test writes to them. */
export class TestPods {
  private readonly names: string[] = [];

  async create(labels: Labels, annotations: Labels = {}): Promise<V1Pod & { name: string }> {
    const pod = await connect().core.createNamespacedPod({
      namespace: NAMESPACES.playground,
      body: {
        metadata: { generateName: 'e2e-', labels, annotations },
        spec: {
          automountServiceAccountToken: false,
          schedulerName: 'nobody',
          containers: [{ name: 'main', image: 'busybox:1.37.0', resources: resources('1') }],
        },
      },
    });
    const name = pod.metadata?.name ?? '';
    this.names.push(name);
    return Object.assign(pod, { name });
  }

  /** An isolated pod; detached, its own labels are in the annotation only. */
  async quarantined(own: Labels, { detached }: { detached: boolean }): Promise<V1Pod & { name: string }> {
    const { metadata } = isolation(own, { detach: true });
    return this.create(
      { [LABELS.quarantined]: 'true', ...(detached ? {} : own) },
      { ...metadata.annotations, [ANNOTATIONS.incidentId]: 'falco-1' },
    );
  }

  async metadata(name: string): Promise<V1ObjectMeta> {
    return (await connect().core.readNamespacedPod({ name, namespace: NAMESPACES.playground })).metadata ?? {};
  }

  async remove(): Promise<void> {
    const { core } = connect();
    for (const name of this.names.splice(0)) {
      await core.deleteNamespacedPod({ name, namespace: NAMESPACES.playground, gracePeriodSeconds: 0 });
    }
  }
}

export function resources(cpu: string) {
  const amount = { cpu, memory: '8Mi' };
  return { limits: amount, requests: amount };
}

/** The merge patch that isolates a pod with these labels of its own. */
export function isolation(own: Labels, { detach }: { detach: boolean }) {
  return {
    metadata: {
      labels: { [LABELS.quarantined]: 'true', ...(detach ? nulls(own) : {}) },
      annotations: { [ANNOTATIONS.originalLabels]: encodeLabels(ownLabels(own)) },
    },
  };
}

/** The merge patch that takes the quarantine's marks off and puts labels back. */
export function restoration(own: Labels) {
  return {
    metadata: { labels: { [LABELS.quarantined]: null, ...own }, annotations: nulls(Object.values(ANNOTATIONS)) },
  };
}

function nulls(keys: Labels | string[]): Record<string, null> {
  return Object.fromEntries((Array.isArray(keys) ? keys : Object.keys(keys)).map((key) => [key, null]));
}
