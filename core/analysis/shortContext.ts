import { shownFacts } from '../facts/lines';
import type { FoundContext, PodContext, TargetContext } from '../incident/context';
import type { PodFacts } from '../incident/podFacts';
import { brief } from '../text/sanitize';
import { withoutDefaults } from './withoutDefaults';

/** Of Kubernetes Events: how many, and the length of each message in UTF-16 units. */
const EVENT_LIMITS = { events: 5, message: 300 } as const;

/** Events that every pod has. */
const ROUTINE = new Set(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);

/**
 * What the API server says of the pod, for a model: the facts that nothing in the pod can forge, then what is unusual.
 * Left out are the administrator's settings, which policy applies to any proposal, ids, and what has its usual value.
 */
export function shortContext(context: TargetContext | undefined): Record<string, unknown> {
  if (context === undefined) return { status: 'not read' };
  if (context.status !== 'found') return { status: context.status, detail: context.detail };
  const { facts, pod, namespace, workload, quarantine, exception, policy, events, missing } = context;
  return withoutDefaults({
    facts: facts === undefined ? null : shortFacts(facts),
    pod: shortPod(pod, facts !== undefined),
    namespace: withoutDefaults({ mode: namespace.mode, deletingSince: namespace.deletingSince }),
    workload: workload === null ? null : shortWorkload(workload),
    quarantine: quarantine === null ? null : { state: quarantine.state, until: quarantine.until },
    exception: exception === undefined ? null : { owner: exception.owner, reason: exception.reason },
    budget: policy.status === 'read' ? policy.exhausted : null,
    events: shortEvents(events),
    missing,
  });
}

/** As people read them, and what only a comparison with the command line needs. */
function shortFacts(facts: PodFacts): Record<string, unknown> {
  const lines = shownFacts(facts).map(({ name, value }) => [name, value] as const);
  const { programs, parentDeclared } = facts;
  return withoutDefaults({
    ...Object.fromEntries(lines),
    'Programs that the specification starts': programs.join(', '),
    'Command line of the parent, which a program can imitate': parentDeclared,
  });
}

/** @param hasFacts whether owner, ServiceAccount and access to the node are among the facts */
function shortPod(pod: PodContext, hasFacts: boolean): Record<string, unknown> {
  const { owner, serviceAccount, bypasses, hostNetwork } = pod;
  return withoutDefaults({
    createdAt: pod.createdAt,
    phase: pod.phase === 'Running' ? null : pod.phase,
    notReady: !pod.ready,
    deletingSince: pod.deletingSince,
    static: pod.mirror,
    access: bypasses.map(({ detail }) => detail),
    ...(hasFacts ? {} : { owner: owner?.kind ?? 'none', serviceAccount, hostNetwork }),
    labels: pod.labels,
    annotations: pod.annotations,
  });
}

function shortWorkload({ top, desired, ready, contained }: NonNullable<FoundContext['workload']>) {
  return withoutDefaults({ ...top, desired, ready, contained: contained === 0 ? null : contained });
}

function shortEvents(events: FoundContext['events']): Record<string, unknown>[] {
  return events
    .filter(({ type, reason }) => type !== 'Normal' || !ROUTINE.has(reason))
    .slice(0, EVENT_LIMITS.events)
    .map(({ type, reason, message, count, lastSeen }) =>
      withoutDefaults({
        type,
        reason,
        message: brief(message, EVENT_LIMITS.message),
        count: count === 1 ? null : count,
        lastSeen,
      }),
    );
}
