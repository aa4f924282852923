import type { Alert } from '../../core/incident/alert.js';
import type { TargetContext } from '../../core/incident/context.js';
import type { Configuration } from '../../core/incident/responsePolicy.js';
import type { Replayed } from './replayed.js';

/** A context for a decision now, and whether it is the recorded one. */
export interface ReplayContext {
  context: TargetContext;
  isRecorded: boolean;
}

/**
 * The context of an alert in an export. One that n8n kept is used as it is. Otherwise the pod is assumed to run unchanged,
 * with nothing special in its specification, and in an autonomous namespace unless the export says which mode it has.
 */
export function contextFor({ alert, context }: Replayed, configuration: Configuration): ReplayContext {
  if (context !== null && context.status !== 'recorded') return { context, isRecorded: true };
  const { target, receivedAt: readAt } = alert;
  if (target === null) {
    const detail = `the target is unknown: ${alert.targetProblem ?? 'not named'}`;
    return { context: { status: 'unavailable', readAt, detail }, isRecorded: true };
  }
  return { context: assumed(alert, target, context, configuration), isRecorded: false };
}

function assumed(
  alert: Alert,
  target: NonNullable<Alert['target']>,
  recorded: Extract<Replayed['context'], { status: 'recorded' }> | null,
  configuration: Configuration,
): TargetContext {
  return {
    status: 'found',
    readAt: alert.receivedAt,
    pod: {
      name: target.pod,
      uid: target.podUid ?? '00000000-0000-4000-8000-000000000000',
      resourceVersion: '1',
      createdAt: alert.time,
      phase: 'Running',
      ready: true,
      deletingSince: null,
      node: null,
      serviceAccount: null,
      labels: {},
      annotations: {},
      marked: false,
      mirror: false,
      hostNetwork: false,
      bypasses: [],
      owner: null,
    },
    namespace: { name: target.namespace, mode: recorded?.mode ?? 'autonomous', deletingSince: null },
    workload: recorded?.workload ?? null,
    quarantine: null,
    policy: { status: 'read', configuration, exhausted: null },
    readingAgeMs: 0,
    events: [],
    missing: ['the pod, which is assumed: the export has nothing of it'],
  };
}
