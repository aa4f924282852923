import { toPodContext } from '../../adapters/kubernetes/state/toPodContext.js';
import { shownPod } from '../../adapters/kubernetes/state/readContext.js';
import { podFacts } from '../../core/facts/podFacts.js';
import { type RightAnswers, RIGHTS_ASKED } from '../../core/facts/rights.js';
import type { Alert } from '../../core/incident/alert.js';
import type { TargetContext } from '../../core/incident/context.js';
import type { Configuration } from '../../core/incident/responsePolicy.js';
import { usesRights } from '../../core/policy/table/index.js';
import type { Case } from '../case.js';
import { isGranted } from './rights.js';

type Cluster = NonNullable<Case['cluster']>;

/** What Get Context would say of a case's pod: the API server's part is the case's, everything else is the product's. */
export function buildContext({ cluster }: Case, alert: Alert, configuration: Configuration): TargetContext {
  const { target } = alert;
  const readAt = alert.receivedAt;
  if (target === null)
    return { status: 'unavailable', readAt, detail: `the target is unknown: ${alert.targetProblem ?? 'not named'}` };
  const live = cluster === null ? null : cluster.pod.metadata;
  if (cluster === null || live?.name !== target.pod || live.namespace !== target.namespace)
    return { status: 'gone', readAt, detail: `there is no pod ${target.namespace}/${target.pod}` };
  const { pod, left } = shownPod(toPodContext(cluster.pod));
  if (target.podUid !== null && target.podUid !== pod.uid)
    return {
      status: 'replaced',
      readAt,
      detail: `the live pod has uid ${pod.uid}, the incident's had ${target.podUid}`,
    };
  return {
    status: 'found',
    readAt,
    facts: podFacts({
      alert,
      pod: cluster.pod,
      rights: usesRights(alert) ? answersOf(cluster.rights) : null,
      history: alert.trust === 'kernel' ? cluster.history : null,
    }),
    pod,
    namespace: { name: target.namespace, mode: cluster.mode, deletingSince: null },
    workload: cluster.workload === null ? null : { ...cluster.workload, contained: 0, containedPods: [] },
    quarantine: null,
    policy: { status: 'read', configuration, exhausted: null },
    readingAgeMs: 0,
    events: [],
    missing: left === null ? [] : [left],
  };
}

function answersOf(rights: Cluster['rights']): RightAnswers | null {
  return rights === null ? null : RIGHTS_ASKED.map((right) => isGranted(rights, right));
}
