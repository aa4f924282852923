import type { Alert } from '../../core/incident/alert';
import type { DecisionRecord } from '../../core/incident/decision';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import type { ActionResponse } from '../../core/incident/response';
import { passOfLine } from '../../core/report/pass';
import type { IncidentRecords } from '../../core/report/records';
import type { Claim } from '../../core/remediation/claim';
import { approvalSchema, newApproval } from '../../core/response/approval';
import { approvalSpec } from '../../core/response/approvalItem';
import { newRecord, recordSchema } from '../../core/response/record';
import { incidentLine } from '../../core/telemetry/logLine';
import { alertOf } from './alerts';

export const OPENED = '2026-11-21T10:15:30.000Z';
export const DECIDED = '2026-11-21T10:15:32.500Z';
export const ACTED = '2026-11-21T10:15:34.000Z';
export const NAME = 'incident-4be1';
const POD_UID = '11111111-1111-4111-8111-111111111111';

const run = (text: string): DecisionRecord['run'] => ({
  by: 'model',
  fallbackReason: text,
  promptVersion: 'race/1',
  model: text,
  tokens: { input: 1, output: 1 },
  questions: 1,
  durationMs: 800,
});

/** An alert, an analysis, a decision and an action in which every free text is this one. */
function passWith(text: string) {
  const alert: Alert = {
    ...alertOf(),
    id: 'event-1',
    time: OPENED,
    rule: text,
    output: text,
    fields: { 'proc.cmdline': text, 'user.name': text },
    target: { namespace: 'shop', pod: 'web-1', podUid: POD_UID, container: text, image: text },
    subject: { kind: text, namespace: text, name: text },
  };
  const analysis = { role: text, objective: text, steps: [text], evidence: [text], summary: text, run: run(text) };
  const decision: DecisionRecord = {
    decision: 'quarantine_pod',
    classification: 'true_positive',
    confidence: 0.9,
    reason: text,
    proposal: { decision: 'delete_pod', classification: 'true_positive', confidence: 0.9, reason: text },
    guardrails: [{ guardrail: 'delete_on_model', from: 'delete_pod', to: 'quarantine_pod', reason: text }],
    decidedAt: DECIDED,
    run: run(text),
  };
  const response: ActionResponse = {
    action: 'quarantine_pod',
    outcome: 'done',
    reason: text,
    target: { namespace: 'shop', pod: 'web-1', uid: POD_UID },
    checked: [text],
    changed: [text],
    contained: 'partial',
    gaps: [text],
    guardrails: [],
    evidence: {
      capturedAt: ACTED,
      durationMs: 1,
      parts: [{ kind: 'logs', name: text, content: text, truncated: true }],
      missing: [text],
    },
    undo: text,
    startedAt: DECIDED,
    completedAt: ACTED,
  };
  return { alert, analysis, decision, response };
}

/**
 * An incident that a model analysed, policy bounded, a person approved and that was undone, in which every text that comes
 * from outside is this one.
 */
export function recordsWith(text: string, change: Partial<IncidentRecords> = {}): IncidentRecords {
  const { alert, analysis, decision, response } = passWith(text);
  const logged = passOfLine(incidentLine({ alert, analysis, decision, response }).line);
  if (logged === null) throw new Error('the line of an incident is no pass');
  const asked = approvalSpec({ alert, analysis, decision }, 8, new Date(DECIDED), { workflow: text, id: text });
  const approval = newApproval({ ...asked, why: text, rule: text });
  const status: IncidentStatus = {
    state: 'Settled',
    reason: text,
    incident: 'event-1',
    opening: 1,
    priority: 'critical',
    firstSeen: OPENED,
    lastSeen: '2026-11-21T10:20:30.000Z',
    count: 3,
    counted: 3,
    passed: 1,
    passes: [],
    pods: [],
    samples: [{ name: text, values: [text, text] }],
    tallies: [{ rule: text, subject: text, count: 2 }],
    decision: 'quarantine_pod',
    changedAt: '2026-11-21T11:00:00.000Z',
  };
  const subject = { kind: text, namespace: text, name: text };
  return {
    record: {
      metadata: { name: NAME, resourceVersion: '1' },
      spec: { source: 'falco', rule: text, subject, opened: status },
      status,
    },
    approvals: [
      approvalSchema.parse({
        ...approval,
        metadata: { ...approval.metadata, resourceVersion: '1' },
        status: {
          state: 'Approved',
          decision: 'release_pod',
          decidedBy: text,
          via: 'form',
          decidedAt: '2026-11-21T10:25:32.500Z',
        },
      }),
    ],
    quarantines: [
      recordSchema.parse({
        ...newRecord({
          incident: 'event-1',
          pod: { namespace: 'shop', name: 'web-1', uid: POD_UID },
          originalLabels: {},
          decision: { decision: 'quarantine_pod', by: 'model', reason: text, approvedBy: text },
          requestedAt: DECIDED,
          until: '2026-11-22T10:15:32.500Z',
        }),
        metadata: { name: POD_UID, resourceVersion: '1' },
        status: { state: 'Released', changedAt: '2026-11-21T10:26:00.000Z', quarantinedAt: ACTED, note: text },
      }),
    ],
    task: taskWith(text),
    log: [logged],
    links: { grafanaUrl: 'https://grafana.example.test' },
    problems: [text],
    ...change,
  };
}

function taskWith(text: string): Claim {
  return {
    version: '1',
    spec: {
      incident: 'event-1',
      fingerprint: 'f',
      claimedAt: ACTED,
      organization: text,
      repository: text,
      stack: text,
      promptVersion: 'neo/1',
      item: '{}',
    },
    status: { state: 'not_fixed', taskId: text, problem: text, settledAt: '2026-11-21T10:50:00.000Z' },
  };
}
