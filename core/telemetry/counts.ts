import type { MeasuredBacklog } from './backlog';
import type { EndedIncident } from './ended';
import type { Measures } from './measure';
import { counted, gauged, observed, type Sample } from './samples';

/** What one pass of an incident adds to the metrics. */
export function countsOf(measures: Measures): Sample[] {
  if (measures.task !== null) return counted('incident_pipeline_neo_task_total', 1, { state: measures.task });
  if (measures.resolved) return counted('incident_pipeline_resolved_total');
  if (measures.routine) return countsOfRoutine(measures);
  if (measures.synthetic) return countsOfSynthetic(measures);
  return [
    ...countsOfPass(measures),
    ...measures.actions.flatMap((action) => counted('incident_pipeline_action_total', 1, action)),
    ...measures.guardrails.flatMap((guardrail) => counted('incident_pipeline_guardrail_total', 1, { guardrail })),
    ...counted('incident_pipeline_model_tokens_total', measures.tokens.input, { direction: 'input' }),
    ...counted('incident_pipeline_model_tokens_total', measures.tokens.output, { direction: 'output' }),
    ...counted('incident_pipeline_model_fallback_total', measures.modelFallbacks),
    ...Object.entries(measures.modelAnswers).flatMap(([outcome, number]) =>
      counted('incident_pipeline_model_answer_total', number, { outcome }),
    ),
    ...counted('incident_pipeline_model_reused_total', measures.modelReused),
    ...counted('incident_pipeline_clock_skew_total', measures.clockSkews),
    ...durationsOf(measures),
  ];
}

/** What a failed execution adds. */
export const countsOfFailure = (): Sample[] => counted('incident_pipeline_failure_total');

/** What incidents add that ended: the repeats that no execution has counted. */
export function countsOfEnded(incidents: readonly EndedIncident[]): Sample[] {
  return incidents.flatMap(({ events, repeats }) => [
    ...counted('incident_pipeline_events_total', repeats),
    ...counted('incident_pipeline_repeats_total', repeats),
    ...observed('incident_pipeline_incident_events', events),
  ]);
}

/** What *Reconcile* found when it looked at the passes and at what waits for a person. */
export function gaugesOfBacklog({ unfinished, since, approvals, approvalsSince, at }: MeasuredBacklog): Sample[] {
  const seconds = (time: string | null): number => (time === null ? 0 : Date.parse(time) / 1000);
  return [
    ...gauged('incident_pipeline_unfinished_passes', unfinished),
    ...gauged('incident_pipeline_unfinished_since_timestamp_seconds', seconds(since)),
    ...gauged('incident_pipeline_waiting_approvals', approvals),
    ...gauged('incident_pipeline_waiting_approvals_since_timestamp_seconds', seconds(approvalsSince)),
    ...gauged('incident_pipeline_reconcile_timestamp_seconds', Date.parse(at) / 1000),
  ];
}

/** How far *Reconcile* has compared Falco's output with the incidents. @param cursor nanoseconds since 1970 */
export const gaugesOfReading = (cursor: string): Sample[] =>
  gauged('incident_pipeline_falco_output_read_timestamp_seconds', Number(BigInt(cursor) / 1_000_000n) / 1000);

/** The time at which something was counted last, which shows that the pipeline works. */
export const countedAt = (now: Date): Sample[] =>
  gauged('incident_pipeline_last_count_timestamp_seconds', now.getTime() / 1000);

/** The time of receipt, not of the count: a heartbeat that waited long is old when it comes out. */
function countsOfRoutine({ heartbeatAt }: Measures): Sample[] {
  return [
    ...counted('incident_pipeline_sensor_message_total'),
    ...(heartbeatAt === null
      ? []
      : gauged('incident_pipeline_heartbeat_timestamp_seconds', Date.parse(heartbeatAt) / 1000)),
  ];
}

/** Once: a self-test that waits for a person comes by again. */
function countsOfSynthetic({ approval, decision }: Measures): Sample[] {
  return approval === null ? counted('incident_pipeline_synthetic_total', 1, { decision }) : [];
}

function countsOfPass(measures: Measures): Sample[] {
  const { approval, late, repeats, excepted, endedEvents, isFirst, classification, decision } = measures;
  if (approval === null)
    return [
      ...counted('incident_pipeline_events_total', 1 + repeats),
      ...counted('incident_pipeline_repeats_total', repeats),
      ...(late === null ? [] : counted('incident_pipeline_late_total', 1, { why: late })),
      ...(excepted ? counted('incident_pipeline_exception_total', 1 + repeats) : []),
      ...(endedEvents === null ? [] : observed('incident_pipeline_incident_events', endedEvents)),
      ...(isFirst ? counted('incident_pipeline_incident_total', 1, { classification }) : []),
      ...counted('incident_pipeline_decision_total', 1, { decision }),
    ];
  if (measures.isFurtherPod) return [];
  return [
    ...counted('incident_pipeline_approval_total', 1, { state: approval.state }),
    ...counted('incident_pipeline_review_total', 1, { classification: approval.classification }),
  ];
}

function durationsOf({ containSeconds, stages, acknowledgeSeconds, respondSeconds }: Measures): Sample[] {
  return [
    ...Object.entries(containSeconds).flatMap(([phase, seconds]) =>
      seconds === null ? [] : observed('incident_pipeline_contain_seconds', seconds, { phase }),
    ),
    ...Object.entries(stages).flatMap(([stage, seconds]) =>
      observed('incident_pipeline_stage_seconds', seconds, { stage }),
    ),
    ...(acknowledgeSeconds === null
      ? []
      : [
          ...observed('incident_pipeline_acknowledge_seconds', acknowledgeSeconds),
          ...gauged('incident_pipeline_mtta_seconds', acknowledgeSeconds),
        ]),
    ...(respondSeconds === null
      ? []
      : [
          ...observed('incident_pipeline_respond_seconds', respondSeconds),
          ...gauged('incident_pipeline_mttr_seconds', respondSeconds),
        ]),
  ];
}
