import { isHeartbeat } from '../incident/heartbeat';
import { isRoutineMessage } from '../policy/sensorMessage';
import type { ActionResponse } from '../incident/response';
import { type Incident, isFirstPass } from '../incident/incident';

/** What an incident adds to the metrics. Durations are seconds. */
export interface Measures {
  /** A self-test, which is counted in no other series. */
  synthetic: boolean;
  /** A resolved alert: its incident was counted when it began. */
  resolved: boolean;
  /** A routine message of the sensor about itself, about which nobody is notified; it is counted in no other series. */
  routine: boolean;
  /** When a heartbeat came in, ISO 8601; null for everything else. */
  heartbeatAt: string | null;
  /** The state of its Neo task; such a pass is counted in no other series. */
  task: string | null;
  /**
   * An incident passes a second time when a person has decided on it, or when the approval expired: the action then
   * counts, but the incident is not counted again. Null the first time.
   */
  approval: { state: string; classification: string } | null;
  /** Whether a person's decision is about further pods as well and was counted with another of them. */
  isFurtherPod: boolean;
  /** Whether it is the pass with which its incident is counted; what follows in the same incident is not. */
  isFirst: boolean;
  /** Whether an exception decided. */
  excepted: boolean;
  /** Why it came late, by *Reconcile*; null otherwise. */
  late: string | null;
  /** Events of the incident that were only counted since the pass before this one. */
  repeats: number;
  /** Events of its last opening, if this one ends it; null otherwise. */
  endedEvents: number | null;
  classification: string;
  decision: string;
  actions: { action: string; outcome: string }[];
  guardrails: string[];
  /** Alert time → decision; null when there was no decision or the clocks disagree. */
  acknowledgeSeconds: number | null;
  /** Alert time → action verified as done; null when no action was done or the clocks disagree. */
  respondSeconds: number | null;
  /** Alert time → pod isolated: `first` before the analysis, `decided` after a decision. */
  containSeconds: { first: number | null; decided: number | null };
  /** Number of negative durations: the source's clock is ahead of ours. */
  clockSkews: number;
  stages: Record<string, number>;
  tokens: { input: number; output: number };
  modelFallbacks: number;
  /** Of the requests to a connected model: how many had an answer that was used, and how many had none. */
  modelAnswers: { used: number; failed: number };
  /** Analyses and proposals for which no model was asked, because one had answered in the same situation. */
  modelReused: number;
}

/** Measures an incident from the times that its nodes recorded. Nothing is estimated: an unmeasured value is null. */
export function measure({ alert, analysis, containment, decision, response, task }: Incident): Measures {
  const approval = decision?.approval;
  const acknowledged =
    decision === undefined || !isFirstPass(alert) ? null : secondsBetween(alert.time, decision.decidedAt);
  const acted =
    response?.outcome === 'done' && (decision?.decision === response.action || approval?.chosen === response.action);
  const isFurtherPod = (approval?.part ?? 1) > 1;
  const isFirst = isFirstPass(alert) && !isFurtherPod;
  const responded = acted && isFirst ? secondsBetween(alert.time, response.completedAt) : null;
  const first = containedAt(alert.time, containment);
  const decided = containedAt(alert.time, response);
  const runs = [analysis?.run, decision?.run].filter((run) => run !== undefined);
  const excepted = approval === undefined && decision?.exception !== undefined;
  // Where an exception decides, no model was to answer.
  const modelRuns = approval === undefined && !excepted ? runs : [];
  const responses = [...(approval === undefined ? [containment] : []), response].filter((done) => done !== undefined);
  return {
    synthetic: alert.synthetic,
    resolved: alert.status === 'resolved',
    routine: isRoutineMessage(alert),
    heartbeatAt: isHeartbeat(alert) ? alert.receivedAt : null,
    task: task?.state ?? null,
    approval: approval === undefined ? null : { state: approval.state, classification: decision?.classification ?? '' },
    isFurtherPod,
    isFirst,
    excepted,
    late: approval === undefined ? (alert.late?.why ?? null) : null,
    repeats: approval === undefined ? (alert.incident?.repeats ?? 0) : 0,
    endedEvents: approval === undefined ? (alert.incident?.endedEvents ?? null) : null,
    classification: decision?.classification ?? 'needs_review',
    decision: decision?.decision ?? 'escalate',
    actions: responses.map(({ action, outcome }) => ({ action, outcome })),
    guardrails: [
      ...new Set([
        ...(approval === undefined ? (decision?.guardrails ?? []).map(({ guardrail }) => guardrail) : []),
        ...responses.flatMap(({ guardrails }) => guardrails),
      ]),
    ],
    acknowledgeSeconds: approval === undefined ? unlessNegative(acknowledged) : null,
    respondSeconds: unlessNegative(responded),
    containSeconds: {
      first: approval === undefined ? unlessNegative(first) : null,
      decided: unlessNegative(decided),
    },
    clockSkews: [acknowledged, responded, first].filter((seconds) => seconds !== null && seconds < 0).length,
    stages: {
      ...(containment === undefined || approval !== undefined
        ? {}
        : { containment: secondsBetween(containment.startedAt, containment.completedAt) }),
      ...(analysis === undefined || approval !== undefined ? {} : { analysis: analysis.run.durationMs / 1000 }),
      ...(decision === undefined || approval !== undefined ? {} : { decision: decision.run.durationMs / 1000 }),
      ...(response === undefined ? {} : { response: secondsBetween(response.startedAt, response.completedAt) }),
    },
    tokens: {
      input: modelRuns.reduce((sum, run) => sum + run.tokens.input, 0),
      output: modelRuns.reduce((sum, run) => sum + run.tokens.output, 0),
    },
    modelAnswers: {
      used: modelRuns.filter((run) => run.by === 'model' && run.reused === undefined).length,
      failed: modelRuns.filter((run) => run.by === 'playbook' && (run.questions > 0 || run.isBroken === true)).length,
    },
    modelReused: modelRuns.filter((run) => run.reused !== undefined).length,
    modelFallbacks: modelRuns.filter((run) => run.by === 'playbook').length,
  };
}

/** When an action isolated the pod; null when it did not, or when the pod was already isolated. */
function containedAt(alertTime: string, response: ActionResponse | undefined): number | null {
  return response?.outcome === 'done' && response.contained !== null
    ? secondsBetween(alertTime, response.completedAt)
    : null;
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

function unlessNegative(seconds: number | null): number | null {
  return seconds === null || seconds < 0 ? null : seconds;
}
