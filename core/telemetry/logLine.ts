import type { Alert } from '../incident/alert';
import { subjectText } from '../incident/subject';
import { sanitize } from '../text/sanitize';
import { isRoutineMessage } from '../policy/sensorMessage';
import type { Incident } from '../incident/incident';
import type { PipelineFailure } from './failure';
import { JOB } from '../names';
import type { NeoTask } from '../incident/task';
import { pieces } from '../incident/evidence';
import type { ActionResponse } from '../incident/response';
import { lineWithin } from './lineWithin';

/** One line for Loki: few labels, since each value of each makes a stream; the rest is structured metadata. */
export interface LogLine {
  labels: { job: string; decision: string; classification: string };
  metadata: Record<string, string>;
  /** One JSON object. Line breaks in values are escaped by JSON itself. */
  line: string;
}

/** The line of an incident: the alert whole, and what became of it. */
export function incidentLine(
  { alert, context, analysis, containment, decision, response, escalation, approval }: Incident,
  notes: readonly string[] = [],
): LogLine {
  const settled = decision ?? { decision: 'escalate', classification: 'needs_review' };
  const { target } = alert;
  const event = eventOf(alert);
  return {
    labels: { job: JOB, decision: settled.decision, classification: settled.classification },
    metadata: present({
      incident_id: alert.id,
      rule: alert.rule,
      subject: subjectText(alert.subject),
      namespace: target?.namespace,
      pod: target?.pod,
      outcome: response?.outcome,
      event,
      ...syntheticMark(alert),
    }),
    line: lineWithin(alert, {
      event,
      incident: alert.id,
      subject: alert.subject,
      synthetic: alert.synthetic,
      timestamp: alert.time,
      decision: settled.decision,
      classification: settled.classification,
      confidence: decision?.confidence,
      reason: decision?.reason,
      guardrails: decision?.guardrails,
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

/** The end of an incident bears its id and is none itself; nor is what the sensor routinely says of itself. */
function eventOf(alert: Alert): 'resolved' | 'sensor' | 'incident' {
  if (alert.status === 'resolved') return 'resolved';
  return isRoutineMessage(alert) ? 'sensor' : 'incident';
}

/** Only self-tests bear it, so that `synthetic!="true"` finds every other line, older ones too. */
function syntheticMark({ synthetic }: Alert): Record<string, string> {
  return synthetic ? { synthetic: 'true' } : {};
}

/** Evidence is long: its parts have lines of their own. */
function withoutEvidence({ evidence, ...rest }: ActionResponse) {
  if (evidence === undefined) return rest;
  const { parts, ...about } = evidence;
  return {
    ...rest,
    evidence: { ...about, parts: parts.map(({ kind, name, truncated }) => ({ kind, name, truncated })) },
  };
}

/** The lines of what was kept of a pod, each below Loki's limit, in order. */
export function evidenceLines({ alert, decision, response, evidence }: Incident): LogLine[] {
  const settled = decision ?? { decision: 'escalate', classification: 'needs_review' };
  const kept = [...(evidence?.parts ?? []), ...(response?.evidence?.parts ?? [])];
  return kept.flatMap(({ kind, name, content, truncated }) =>
    pieces(content).map((text, index, all) => ({
      labels: { job: JOB, decision: settled.decision, classification: settled.classification },
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

/** The line of an incident's Neo task. What was done about the pod has a line of its own. */
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

/** The line of an execution that failed, so that its incident is not silent. */
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
