import type { FoundContext } from '../incident/context';
import type { PodFacts } from '../incident/podFacts';
import { magnitude, type Names, renamed, renamedIn, STANDS_FOR, TIME } from './steady';

/** A pod's context without what is different for each pod of its controller, and each time it is read. */
export function steadyContext(context: FoundContext, names: Names): FoundContext {
  const { pod, facts, namespace, workload, quarantine, exception, events } = context;
  return {
    ...context,
    readAt: TIME,
    readingAgeMs: 0,
    ...(facts === undefined ? {} : { facts: steadyFacts(facts) }),
    pod: steadyPod(pod, names),
    namespace: { ...namespace, deletingSince: namespace.deletingSince && TIME },
    workload: workload && steadyWorkload(workload),
    quarantine: quarantine && { ...quarantine, incident: STANDS_FOR.id, until: TIME },
    ...(exception === undefined ? {} : { exception: { ...exception, endsAt: TIME } }),
    events: events.map(steadyEvent(pod.node === null ? names : [...names, [pod.node, STANDS_FOR.node]])),
  };
}

function steadyPod(pod: FoundContext['pod'], names: Names): FoundContext['pod'] {
  return {
    ...pod,
    name: renamed(pod.name, names),
    uid: renamed(pod.uid, names),
    createdAt: TIME,
    deletingSince: pod.deletingSince && TIME,
    node: pod.node && STANDS_FOR.node,
    resourceVersion: STANDS_FOR.id,
    labels: Object.fromEntries(Object.entries(pod.labels).map(([label, value]) => [label, renamed(value, names)])),
  };
}

function steadyFacts(facts: PodFacts): PodFacts {
  const { container, history } = facts;
  return {
    ...facts,
    container: { ...container, startedAt: container.startedAt && TIME, ranSeconds: null },
    history: history && { ...history, incidents: magnitude(history.incidents) },
  };
}

type Workload = NonNullable<FoundContext['workload']>;

function steadyWorkload({ containedPods, ...workload }: Workload): Workload {
  return {
    ...workload,
    ...(containedPods === undefined ? {} : { containedPods: containedPods.map(() => STANDS_FOR.uid) }),
  };
}

/** The kubelet says how long it took to pull an image. */
const PULL_TIMES = / in [\d.hms]+ \([\d.hms]+ including waiting\)/;

type PodEvent = FoundContext['events'][number];

const steadyEvent =
  (names: Names) =>
  (event: PodEvent): PodEvent => ({
    ...event,
    message: renamedIn(event.message, names).replace(PULL_TIMES, ''),
    count: magnitude(event.count),
    lastSeen: event.lastSeen && TIME,
  });
