import { randomUUID } from 'node:crypto';

import type { Alert } from '../../core/incident/alert';
import type { Analysis } from '../../core/incident/analysis';
import type { FoundContext } from '../../core/incident/context';
import type { PodFacts } from '../../core/incident/podFacts';
import { alertOf, contextOf } from './alerts';
import { NO_MODEL } from './modelRun';
import { ROSES_ANSWER } from './scriptedModel';

const FACTS: PodFacts = {
  container: {
    kind: 'container',
    name: 'shell',
    pinned: false,
    digest: `sha256:${'a'.repeat(64)}`,
    startedAt: '2026-11-21T09:00:01.000Z',
    ranSeconds: 600,
    restarts: 0,
  },
  programs: ['sleep'],
  declared: null,
  parentDeclared: 'command',
  owner: 'ReplicaSet',
  runsOnce: false,
  serviceAccount: { name: 'web', own: true, tokenMounted: true, rights: 'own', may: ['list pods'] },
  access: ['privileged'],
  hostNetwork: false,
  history: { incidents: 3, workloads: 1, falsePositives: 1, truePositives: 0 },
  missing: ['something'],
};

/** What differs between two replicas of one Deployment, and between two times. */
export interface Occurrence {
  /** The five characters that the API server adds to the ReplicaSet's name. */
  suffix: string;
  uid: string;
  container: string;
  node: string;
  pid: number;
  time: string;
  pull: string;
}

export const FIRST: Occurrence = {
  suffix: 'x2x4z',
  uid: '5f0c2b1e-0000-4000-8000-000000000001',
  container: '3f9c1d0b7a52',
  node: 'node-a',
  pid: 4711,
  time: '2026-11-21T10:15:30.123Z',
  pull: '1.2s (1.2s including waiting)',
};
export const SECOND: Occurrence = {
  suffix: 'q7w9k',
  uid: '5f0c2b1e-0000-4000-8000-000000000002',
  container: 'b7a523f9c1d0',
  node: 'node-b',
  pid: 12,
  time: '2026-11-21T10:16:02.001Z',
  pull: '350ms (1m2.1s including waiting)',
};

const OWNER = 'web-6d4cf56db6';

/** The recorded alert of a shell, which the playbook ignores, about a replica of a Deployment, with everything that a model may be shown. */
export function occurrence(
  { suffix, uid, container, node, pid, time, pull }: Occurrence = FIRST,
  name = 'test-shell',
): { alert: Alert; context: FoundContext } {
  const pod = `${OWNER}-${suffix}`;
  const recorded = alertOf(name);
  const target = { namespace: 'playground', pod, podUid: uid, container: 'shell', image: 'busybox:1.37.0' };
  const alert: Alert = {
    ...recorded,
    id: randomUUID(),
    time,
    receivedAt: time,
    target,
    subject: { kind: 'Pod', namespace: 'playground', name: pod },
    fingerprint: `${pod}/${time}`,
    finding: { event: randomUUID().replaceAll('-', ''), key: randomUUID().replaceAll('-', '') },
    infrastructure: { git_repo: 'https://git.example/web' },
    fields: {
      ...recorded.fields,
      'k8s.pod.name': pod,
      'k8s.pod.uid': uid,
      'container.id': container,
      'evt.time': `${pid}000`,
      'proc.pid': pid,
      'fd.name': `10.0.0.7:${40_000 + pid}->192.0.2.1:443`,
      'fd.cport': 40_000 + pid,
      'fd.lport': 40_000 + pid,
      'fd.rport': 443,
      hostname: node,
    },
    output: `${time.slice(11, 23)}: Notice A shell | command=sh container_id=${container} k8s_pod_name=${pod}`,
    late: { why: 'missed', tries: 1, acts: true },
    related: [
      {
        incident: randomUUID(),
        source: 'falco',
        rule: 'Another rule',
        priority: 'notice',
        subject: 'Deployment playground/web',
        sameSubject: true,
        state: 'Open',
        decision: 'escalate',
        count: 2 + (pid % 5),
        firstSeen: time,
        lastSeen: time,
      },
    ],
  };
  const found = contextOf(alert, {
    pod: {
      name: pod,
      uid,
      node,
      createdAt: time,
      resourceVersion: String(pid),
      labels: { app: 'web', 'pod-template-hash': '6d4cf56db6', instance: pod },
      annotations: { team: 'shop' },
      owner: { kind: 'ReplicaSet', name: OWNER, uid: '5f0c2b1e-0000-4000-8000-00000000000f' },
      bypasses: [{ kind: 'privileged', detail: 'container shell' }],
    },
    workload: {
      kind: 'ReplicaSet',
      name: OWNER,
      desired: 3,
      ready: 3,
      contained: 1,
      containedPods: [randomUUID()],
      top: { kind: 'Deployment', name: 'web' },
    },
    quarantine: {
      state: 'Released',
      incident: randomUUID(),
      until: time,
      workload: { kind: 'Deployment', name: 'web' },
    },
  });
  const event = (message: string) => ({
    type: 'Normal',
    reason: 'Pulled',
    message,
    count: 1 + (pid % 3),
    lastSeen: time,
  });
  const context: FoundContext = {
    ...found,
    readAt: time,
    readingAgeMs: pid,
    facts: {
      ...FACTS,
      container: { ...FACTS.container, startedAt: time, ranSeconds: pid },
      history: { ...FACTS.history, incidents: 1 + (pid % 8) } as never,
    },
    events: [event(`Assigned playground/${pod} to ${node}`), event(`Pulled image "busybox" in ${pull}. Size: 1 byte.`)],
    missing: ['a part'],
  };
  return { alert, context };
}

/** What a model answered to ROSES, as an item has it. */
export function analysisBy(model: string | null, change: Partial<Analysis> = {}): Analysis {
  const by = model === null ? 'playbook' : 'model';
  return { ...(JSON.parse(ROSES_ANSWER) as Analysis), run: { ...NO_MODEL, by, model }, ...change };
}
