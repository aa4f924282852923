import type { FactPod } from '../../core/facts/factPod';
import { RIGHTS_ASKED, type RightAnswers, rightText } from '../../core/facts/rights';
import type { PodFacts } from '../../core/incident/podFacts';

/** The id that the recorded alerts of `shell` name, in full. */
export const CONTAINER_ID = `3f9c1d0b7a52${'0'.repeat(52)}`;
const MOUNT = { name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };

/** A pod of a ReplicaSet as the API server has it: its token is mounted by admission. */
export function factPod({ spec, ...change }: Partial<FactPod> = {}): FactPod {
  return {
    metadata: { ownerReferences: [{ kind: 'ReplicaSet', controller: true }] },
    spec: {
      serviceAccountName: 'web',
      restartPolicy: 'Always',
      containers: [{ name: 'shell', image: 'busybox:1.37.0', volumeMounts: [MOUNT] }],
      volumes: [{ name: MOUNT.name, projected: { sources: [{ serviceAccountToken: {} }] } }],
      ...spec,
    },
    status: {
      containerStatuses: [
        {
          name: 'shell',
          containerID: `containerd://${CONTAINER_ID}`,
          restartCount: 2,
          state: { running: { startedAt: '2026-11-21T09:00:01Z' } },
        },
      ],
    },
    ...change,
  };
}

/** The answers of an API server that grants these rights ("list pods", with " in the cluster" behind it where it is). */
export function answering(...granted: readonly string[]): RightAnswers {
  return RIGHTS_ASKED.map((right) =>
    granted.includes(`${rightText(right)}${right.scope === 'cluster' ? ' in the cluster' : ''}`),
  );
}

/** Facts of a usual pod, of which a test changes some. */
export function factsWith(change: Partial<PodFacts> = {}): PodFacts {
  return {
    container: { kind: 'container', name: 'shell', pinned: false, startedAt: null, ranSeconds: null, restarts: 0 },
    programs: [],
    declared: null,
    parentDeclared: null,
    owner: 'ReplicaSet',
    runsOnce: false,
    serviceAccount: { name: 'default', own: false, tokenMounted: true, rights: 'none', may: [] },
    access: [],
    hostNetwork: false,
    history: null,
    missing: [],
    ...change,
  };
}
