import type { Alert } from '../incident/alert';
import { subjectText } from '../incident/subject';
import { sanitize } from '../text/sanitize';
import { isRoutineMessage } from '../policy/sensorMessage';
import type { Incident } from '../incident/incident';
import type { PipelineFailure } from './failure';
import { JOB } from '../names';
import type { NeoTask } from '../incident/task';
import { pieces } from '../incident/evidence';
import type { Execution } from '../response/approval';
import type { ActionResponse } from '../incident/response';
import type { LastState } from '../retention/lastState';
import { lineWithin } from './lineWithin';

/** One line for Loki: few labels, because each label value creates a stream; the rest is structured metadata. */
export interface LogLine {
  labels: { job: string; decision: string; classification: string };
  metadata: Record<string, string>;
  /** One JSON object. Line breaks in values are escaped by JSON itself. */
  line: string;
}

/**
 * The line of an incident: the complete alert, and the incident's outcome.
 * @param execution the execution of n8n that it is from, to which Grafana links
 */
export function incidentLine(
  { alert, context, analysis, containment, decision, response, escalation, approval }: Incident,
  notes: readonly string[] = [],
  execution?: Execution,
): LogLine {
  const effective = decision ?? { decision: 'escalate', classification: 'needs_review' };
  const { target } = alert;
  const event = eventOf(alert);
  return {
    labels: { job: JOB, decision: effective.decision, classification: effective.classification },
    metadata: present({
      incident_id: alert.id,
      rule: alert.rule,
      subject: subjectText(alert.subject),
      namespace: target?.namespace,
      pod: target?.pod,
      outcome: response?.outcome,
      event,
      incident_name: alert.incident?.name,
      workflow_id: execution?.workflow,
      execution_id: execution?.id,
      ...syntheticMark(alert),
    }),
    line: lineWithin(alert, {
      event,
      incident: alert.id,
      subject: alert.subject,
      synthetic: alert.synthetic,
      late: alert.late,
      timestamp: alert.time,
      decision: effective.decision,
      classification: effective.classification,
      confidence: decision?.confidence,
      reason: decision?.reason,
      guardrails: decision?.guardrails,
      exception: decision?.exception,
      proposal: decision?.proposal,
      decidedAt: decision?.decidedAt,
      decidedBy: decision?.run.by,
      pod: target?.pod ?? null,
      namespace: target?.namespace ?? null,
      podUid: target?.podUid ?? null,
      context:
        context === undefined
          ? null
          : context.status === 'found'
            ? {
                status: context.status,
                mode: context.namespace.mode,
                workload: context.workload,
                readAt: context.readAt,
                readingAgeMs: context.readingAgeMs,
              }
            : context,
      analysis:
        analysis === undefined ? null : { summary: analysis.summary, evidence: analysis.evidence, run: analysis.run },
      run: decision?.run,
      containment: containment === undefined ? null : withoutEvidence(containment),
      response: response === undefined ? null : withoutEvidence(response),
      escalation: escalation ?? null,
      approval: decision?.approval ?? approval ?? null,
      notes: notes.map((note) => sanitize(note, 2000)),
    }),
  };
}

/**
 * A resolved alert reuses the incident's id but is not counted as a new incident; neither are the sensor's routine
 * messages.
 */
function eventOf(alert: Alert): 'resolved' | 'sensor' | 'incident' {
  if (alert.status === 'resolved') return 'resolved';
  return isRoutineMessage(alert) ? 'sensor' : 'incident';
}

/** Only self-tests have this label, so that `synthetic!="true"` matches every other line, older ones included. */
function syntheticMark({ synthetic }: Alert): Record<string, string> {
  return synthetic ? { synthetic: 'true' } : {};
}

/** Evidence is long: its parts have their own lines. */
function withoutEvidence({ evidence, ...rest }: ActionResponse) {
  if (evidence === undefined) return rest;
  const { parts, ...about } = evidence;
  return {
    ...rest,
    evidence: { ...about, parts: parts.map(({ kind, name, truncated }) => ({ kind, name, truncated })) },
  };
}

/** The lines of a pod's evidence, each below Loki's limit, in order. */
export function evidenceLines({ alert, decision, response, evidence }: Incident): LogLine[] {
  const effective = decision ?? { decision: 'escalate', classification: 'needs_review' };
  const kept = [...(evidence?.parts ?? []), ...(response?.evidence?.parts ?? [])];
  return kept.flatMap(({ kind, name, content, truncated }) =>
    pieces(content).map((text, index, all) => ({
      labels: { job: JOB, decision: effective.decision, classification: effective.classification },
      metadata: present({
        incident_id: alert.id,
        namespace: alert.target?.namespace,
        pod: alert.target?.pod,
        event: 'evidence',
        kind,
        ...syntheticMark(alert),
      }),
      line: JSON.stringify({
        event: 'evidence',
        incident: alert.id,
        kind,
        name,
        piece: index + 1,
        pieces: all.length,
        truncated,
        content: text,
      }),
    })),
  );
}

/** The line of an incident's Neo task. The action on the pod has its own line. */
export function taskLine(alert: Alert, task: NeoTask): LogLine {
  return {
    labels: { job: JOB, decision: 'escalate', classification: 'needs_review' },
    metadata: present({
      incident_id: alert.id,
      rule: alert.rule,
      namespace: alert.target?.namespace,
      pod: alert.target?.pod,
      outcome: task.state,
      event: 'neo_task',
      ...syntheticMark(alert),
    }),
    line: JSON.stringify({ event: 'neo_task', incident: alert.id, timestamp: task.checkedAt, task }),
  };
}

/** The last line of a record that is pruned: what it said when nobody needed it any more. */
export function prunedLine(state: LastState): LogLine {
  return {
    // No incident is decided here: lines of decisions are found by their decision.
    labels: { job: JOB, decision: 'none', classification: 'none' },
    metadata: present({
      incident_id: state.incident,
      rule: state.rule,
      subject: state.subject,
      outcome: state.state,
      event: 'pruned',
      kind: state.kind,
    }),
    line: JSON.stringify({ event: 'pruned', ...state }),
  };
}

/** The line of a failed execution, so that its incident does not go unnoticed. */
export function failureLine(failure: PipelineFailure): LogLine {
  return {
    labels: { job: JOB, decision: 'escalate', classification: 'needs_review' },
    metadata: present({
      incident_id: failure.incidentId ?? undefined,
      execution_id: failure.executionId ?? undefined,
      node: failure.node ?? undefined,
      event: 'failure',
    }),
    line: JSON.stringify({
      event: 'failure',
      incident: failure.incidentId,
      decision: 'escalate',
      classification: 'needs_review',
      ...failure,
    }),
  };
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
