import { CLASSIFICATIONS, DECISIONS } from '../incident/decision';
import { GUARDRAILS } from '../policy/guardrails';
import { RELEASE_GUARDRAIL } from '../policy/release';
import { LATE_REASONS } from '../incident/late';
import { TASK_STATES } from '../incident/task';
import { ACTIONS } from '../incident/actions';
import { OUTCOMES } from '../incident/response';

interface Definition {
  help: string;
}
interface Labelled extends Definition {
  label?: string;
  labels?: readonly string[];
}
interface CounterDefinition extends Labelled {
  /** Series that exist from the first push, so that `increase()` counts the first event of each. */
  known?: readonly Readonly<Record<string, string>>[];
}
interface HistogramDefinition extends Labelled {
  /** Upper bounds, in the unit that the name ends with. */
  buckets: readonly number[];
}

const each = (label: string, values: readonly string[]) => values.map((value) => ({ [label]: value }));

/** From a pipeline without a model (tens of milliseconds) to a person's decision (a day). */
const INCIDENT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 86400] as const;
const EVENT_BUCKETS = [1, 2, 5, 10, 100, 1000, 10_000, 100_000] as const;
const STAGE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/**
 * Every metric that the pipeline pushes, by name. Gauges hold the last value and do not exist before the first
 * one.
 */
export const GAUGES = {
  incident_pipeline_mtta_seconds: { help: 'Last incident: seconds from the alert to the decision' },
  incident_pipeline_mttr_seconds: {
    help: 'Last incident with an action: seconds from the alert to the action read back as done',
  },
  incident_pipeline_last_count_timestamp_seconds: {
    help: 'Unix time at which an incident, a self-test or a failure was counted last',
  },
  incident_pipeline_heartbeat_timestamp_seconds: {
    help: 'Unix time at which the last heartbeat came in that was decided and counted',
  },
  incident_pipeline_unfinished_passes: {
    help: 'Alerts that started the workflow and are not decided yet, when Reconcile ran last',
  },
  incident_pipeline_unfinished_since_timestamp_seconds: {
    help: 'Unix time at which the oldest of them came in; 0 if there is none',
  },
  incident_pipeline_waiting_approvals: {
    help: 'Approvals that wait for a person, when Reconcile ran last',
  },
  incident_pipeline_waiting_approvals_since_timestamp_seconds: {
    help: 'Unix time at which the oldest of them was requested; 0 if none waits',
  },
  incident_pipeline_reconcile_timestamp_seconds: { help: 'Unix time at which Reconcile ran last' },
  incident_pipeline_falco_output_read_timestamp_seconds: {
    help: "Unix time up to which Falco's output in Loki was compared with the incidents",
  },
  incident_pipeline_output_waiting: { help: 'Log lines that wait to be sent, after the last attempt' },
  incident_pipeline_output_waiting_since_timestamp_seconds: {
    help: 'Unix time from which the oldest log line waits; 0 if none waits',
  },
} as const satisfies Record<string, Definition>;

/** What is sent out of n8n. */
const OUTPUTS = ['loki', 'pushgateway'] as const;
/** Why a line that waited was dropped. */
const BOUNDS = ['number', 'bytes', 'age'] as const;

export const COUNTERS = {
  incident_pipeline_events_total: { help: 'Events of incidents, repeats included' },
  incident_pipeline_repeats_total: { help: 'Events that were counted in their incident and started nothing' },
  incident_pipeline_incident_total: {
    help: 'Incidents by classification',
    label: 'classification',
    known: each('classification', CLASSIFICATIONS),
  },
  incident_pipeline_decision_total: {
    help: 'Decisions',
    label: 'decision',
    known: each('decision', DECISIONS),
  },
  incident_pipeline_late_total: {
    help: 'Passes of alerts that Reconcile found: they never reached n8n, or their pass was cut off',
    label: 'why',
    known: each('why', LATE_REASONS),
  },
  incident_pipeline_exception_total: { help: 'Events of incidents that an exception ended, repeats included' },
  incident_pipeline_action_total: {
    help: 'Actions on pods by outcome',
    labels: ['action', 'outcome'],
    known: ACTIONS.flatMap((action) => OUTCOMES.map((outcome) => ({ action, outcome }))),
  },
  incident_pipeline_guardrail_total: {
    help: 'Incidents in which a guardrail applied',
    label: 'guardrail',
    known: each('guardrail', [...GUARDRAILS.map(({ name }) => name), RELEASE_GUARDRAIL]),
  },
  incident_pipeline_model_tokens_total: {
    help: 'Tokens sent to and received from the model',
    label: 'direction',
    known: each('direction', ['input', 'output']),
  },
  incident_pipeline_model_fallback_total: { help: "Analyses and decisions made without the model's answer" },
  incident_pipeline_model_answer_total: {
    help: 'Analyses and decisions for which a model was to answer, by whether its answer was used',
    label: 'outcome',
    known: each('outcome', ['used', 'failed']),
  },
  incident_pipeline_model_reused_total: {
    help: 'Analyses and proposals reused from what a model answered in the same situation',
  },
  incident_pipeline_clock_skew_total: { help: 'Durations that came out negative and were not observed' },
  incident_pipeline_approval_total: {
    help: 'Incidents that waited for a person, by outcome',
    label: 'state',
    known: each('state', ['Approved', 'Rejected', 'Expired']),
  },
  incident_pipeline_review_total: {
    help: 'Incidents by the classification that a person gave them',
    label: 'classification',
    known: each('classification', CLASSIFICATIONS),
  },
  incident_pipeline_synthetic_total: {
    help: 'Self-tests by decision; they are in no other series',
    label: 'decision',
    known: each('decision', DECISIONS),
  },
  incident_pipeline_resolved_total: {
    help: 'Alerts that their source reported as resolved; they are in no other series',
  },
  incident_pipeline_sensor_message_total: {
    help: 'Routine messages of Falco and Falcosidekick about themselves; they are in no other series',
  },
  incident_pipeline_neo_task_total: {
    help: 'Pulumi Neo tasks by state; they are in no other series',
    label: 'state',
    known: each('state', TASK_STATES),
  },
  incident_pipeline_failure_total: { help: 'Executions of the pipeline that failed' },
  incident_pipeline_output_failure_total: {
    help: 'Attempts to send to Loki or Pushgateway that failed; what was to be sent is kept',
    label: 'output',
    known: each('output', OUTPUTS),
  },
  incident_pipeline_output_late_total: {
    help: 'Log lines that were sent after an attempt that failed',
    label: 'output',
    known: each('output', ['loki']),
  },
  incident_pipeline_output_dropped_total: {
    help: 'Log lines that were dropped at a bound while they waited',
    labels: ['output', 'reason'],
    known: BOUNDS.map((reason) => ({ output: 'loki', reason })),
  },
} as const satisfies Record<string, CounterDefinition>;

export const HISTOGRAMS = {
  incident_pipeline_incident_events: {
    help: 'Events of an incident between its opening and its end, repeats included',
    buckets: EVENT_BUCKETS,
  },
  incident_pipeline_acknowledge_seconds: { help: 'Seconds from the alert to the decision', buckets: INCIDENT_BUCKETS },
  incident_pipeline_respond_seconds: {
    help: 'Seconds from the alert to the action read back as done',
    buckets: INCIDENT_BUCKETS,
  },
  incident_pipeline_contain_seconds: {
    help: 'Seconds from the alert to the isolated pod, before the analysis (first) or after a decision (decided)',
    label: 'phase',
    buckets: INCIDENT_BUCKETS,
  },
  incident_pipeline_stage_seconds: {
    help: 'Seconds spent in a stage of the pipeline',
    label: 'stage',
    buckets: STAGE_BUCKETS,
  },
} as const satisfies Record<string, HistogramDefinition>;
