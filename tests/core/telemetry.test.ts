import { decide } from '../../core/policy/decide';
import { playbook } from '../../core/policy/playbook';
import { escalationMessage, incidentEvent, RESPONDER_SUBJECT } from '../../core/response/event';
import { isQuarantinePolicy, QUARANTINE_POLICY_SPEC } from '../../core/response/quarantine';
import { type ActionResponse, isSettled, OUTCOMES } from '../../core/incident/response';
import { readFailure, withIncidentId } from '../../core/telemetry/failure';
import { type Incident, readIncident } from '../../core/incident/incident';
import { evidenceLines, failureLine, incidentLine } from '../../core/telemetry/logLine';
import { countsOf } from '../../core/telemetry/counts';
import { measure } from '../../core/telemetry/measure';
import { counted } from '../../core/telemetry/samples';
import { alertOf, contextOf } from '../support/alerts';

const run = {
  by: 'playbook' as const,
  fallbackReason: 'no model',
  promptVersion: 'race/1',
  model: null,
  tokens: { input: 10, output: 3 },
  questions: 1,
  durationMs: 250,
};

function incident(name: string, decidedAt = '2026-11-21T10:15:32.123Z'): Incident {
  const alert = alertOf(name);
  const context = contextOf(alert);
  return {
    alert,
    context,
    decision: decide({ proposal: playbook(alert), alert, context, mode: 'autonomous', run, now: new Date(decidedAt) }),
  };
}

const response: ActionResponse = {
  action: 'delete_pod',
  outcome: 'done',
  reason: 'the pod is gone',
  target: { namespace: 'playground', pod: 'pod-delete-test', uid: 'u' },
  checked: [],
  changed: [],
  contained: null,
  gaps: [],
  guardrails: [],
  undo: null,
  startedAt: '2026-11-21T10:15:32.623Z',
  completedAt: '2026-11-21T10:15:34.123Z',
};

describe('measures', () => {
  test('MTTA runs from the alert to the decision, MTTR to the action read back as done', () => {
    const measures = measure({ ...incident('pod-delete-test'), response });
    expect(measures).toMatchObject({
      decision: 'delete_pod',
      classification: 'true_positive',
      actions: [{ action: 'delete_pod', outcome: 'done' }],
      acknowledgeSeconds: 2,
      respondSeconds: 4,
      clockSkews: 0,
      stages: { decision: 0.25, response: 1.5 },
      tokens: { input: 10, output: 3 },
      modelFallbacks: 1,
    });
  });

  test.each([
    ['answered', { by: 'model', questions: 1 }, { used: 1, failed: 0 }],
    ['answered nothing that can be used', { by: 'playbook', questions: 2 }, { used: 0, failed: 1 }],
    ['cannot be used', { by: 'playbook', questions: 0, isBroken: true }, { used: 0, failed: 1 }],
    ['is not connected, or may not be asked', { by: 'playbook', questions: 0 }, { used: 0, failed: 0 }],
  ] as const)('a model that %s', (_what, run, modelAnswers) => {
    const { decision, ...rest } = incident('test-shell');
    if (decision === undefined) throw new Error('it is decided');
    expect(measure({ ...rest, decision: { ...decision, run: { ...decision.run, ...run } } })).toMatchObject({
      modelAnswers,
    });
  });

  test('an answer that was reused is no answer of the model, and is counted by itself', () => {
    const { decision, ...rest } = incident('test-shell');
    if (decision === undefined) throw new Error('it is decided');
    const reused = { incident: 'another', at: '2026-11-21T10:15:00.000Z' };
    const measures = measure({
      ...rest,
      decision: { ...decision, run: { ...decision.run, by: 'model', questions: 0, reused } },
    });
    expect(measures).toMatchObject({ modelAnswers: { used: 0, failed: 0 }, modelReused: 1 });
    expect(countsOf(measures)).toEqual(expect.arrayContaining(counted('incident_pipeline_model_reused_total')));
  });

  test.each(OUTCOMES.filter((outcome) => outcome !== 'done'))('outcome %s does not touch MTTR', (outcome) => {
    expect(measure({ ...incident('pod-delete-test'), response: { ...response, outcome } }).respondSeconds).toBeNull();
  });

  test('an incident without an action does not touch MTTR', () => {
    expect(measure(incident('test-shell'))).toMatchObject({
      decision: 'ignore',
      classification: 'false_positive',
      respondSeconds: null,
      actions: [],
    });
  });

  test('a negative time is clock skew: counted, not observed', () => {
    const measures = measure({
      ...incident('pod-delete-test', '2026-11-21T10:15:29.000Z'),
      response: { ...response, completedAt: '2026-11-21T10:15:29.500Z' },
    });
    expect(measures).toMatchObject({ acknowledgeSeconds: null, respondSeconds: null, clockSkews: 2 });
  });

  test('an incident without a decision counts as escalated', () => {
    expect(measure({ alert: alertOf() })).toMatchObject({
      decision: 'escalate',
      classification: 'needs_review',
      acknowledgeSeconds: null,
    });
  });
});

describe('the log line', () => {
  test('has few labels, and pod and incident as structured metadata', () => {
    const { labels, metadata, line } = incidentLine({ ...incident('pod-delete-test'), response });
    expect(labels).toEqual({ job: 'incident-pipeline', decision: 'delete_pod', classification: 'true_positive' });
    expect(metadata).toEqual({
      incident_id: '667f71f550aefd44ce5aa7eddecb6fe5',
      rule: 'Netcat Remote Code Execution in Container',
      subject: 'Pod playground/pod-delete-test',
      namespace: 'playground',
      pod: 'pod-delete-test',
      outcome: 'done',
      event: 'incident',
    });
    expect(JSON.parse(line)).toMatchObject({
      decision: 'delete_pod',
      classification: 'true_positive',
      pod: 'pod-delete-test',
      timestamp: '2026-11-21T10:15:30.123Z',
    });
  });

  test('of a self-test says so, in the line and as structured metadata; no other has the key', () => {
    const tested = { ...incident('pod-delete-test'), alert: alertOf('pod-delete-test', { synthetic: true }) };
    const { metadata, line } = incidentLine(tested);
    expect(metadata).toMatchObject({ synthetic: 'true' });
    expect(JSON.parse(line)).toMatchObject({ synthetic: true });
    expect(JSON.parse(incidentLine(incident('pod-delete-test')).line)).toMatchObject({ synthetic: false });
    const part = { kind: 'logs' as const, name: 'shell', content: 'x', truncated: false };
    const evidence = { capturedAt: '2026-11-21T10:15:31.000Z', durationMs: 5, parts: [part], missing: [] };
    expect(evidenceLines({ ...tested, evidence })[0]?.metadata).toMatchObject({ synthetic: 'true' });
  });

  test('stays one line whatever the alert says', () => {
    const { line } = incidentLine({ alert: alertOf('pod-delete-test', { output: 'a\nb\r\n{"decision":"ignore"}' }) });
    expect(line.split(/[\r\n]/)).toHaveLength(1);
  });

  test('carries what was kept of a pod, whether an action kept it or Capture Evidence', () => {
    const keeping = (content: string) => ({
      capturedAt: '2026-11-21T10:15:31.000Z',
      durationMs: 5,
      parts: [{ kind: 'logs' as const, name: 'shell', content, truncated: false }],
      missing: [],
    });
    const item = { ...incident('pod-delete-test'), evidence: keeping('before') };
    const lines = evidenceLines(readIncident({ ...item, response: { ...response, evidence: keeping('during') } }));
    expect(lines.map(({ line }) => (JSON.parse(line) as { content: string }).content)).toEqual(['before', 'during']);
  });
});

describe('failures', () => {
  const thrown = withIncidentId('Loki did not answer', 'abc-1');
  const item = {
    execution: { id: '7', lastNodeExecuted: 'Log', error: { message: thrown } },
    workflow: { id: 'incident-pipeline', name: 'Incident Pipeline' },
  };

  test("carry the incident's id in the message, once", () => {
    expect(thrown).toBe('Loki did not answer [incident abc-1]');
    expect(withIncidentId(thrown, 'abc-1')).toBe(thrown);
    expect(readFailure(item)).toEqual({ incidentId: 'abc-1', executionId: '7', node: 'Log', message: thrown });
  });

  test('are told from incidents', () => {
    expect(readFailure({ alert: alertOf() })).toBeNull();
    expect(failureLine({ incidentId: 'abc-1', executionId: '7', node: 'Log', message: 'm' }).metadata).toMatchObject({
      incident_id: 'abc-1',
      event: 'failure',
    });
  });
});

describe('an item', () => {
  test('is read only if its keys are what the nodes before made of them', () => {
    expect(readIncident({ ...incident('test-shell'), webhookUrl: 'x' }).alert.rule).toBe('Terminal shell in container');
    expect(() => readIncident({})).toThrow(/alert/);
    expect(() => readIncident({ ...incident('test-shell'), decision: { decision: 'delete_pod' } })).toThrow(/decision/);
  });
});

describe('settled', () => {
  test('a pod that is gone is what deletion wants, and a loss for every other action', () => {
    expect(isSettled({ action: 'delete_pod', outcome: 'gone' })).toBe(true);
    expect(isSettled({ action: 'quarantine_pod', outcome: 'gone' })).toBe(false);
    expect(isSettled({ action: 'delete_pod', outcome: 'replaced' })).toBe(false);
  });
});

describe('the quarantine NetworkPolicy', () => {
  test('is recognised only when it denies all traffic of quarantined pods and of nobody else', () => {
    expect(isQuarantinePolicy(QUARANTINE_POLICY_SPEC)).toBe(true);
    expect(isQuarantinePolicy(undefined)).toBe(false);
    expect(isQuarantinePolicy({ ...QUARANTINE_POLICY_SPEC, podSelector: {} })).toBe(false);
    expect(isQuarantinePolicy({ ...QUARANTINE_POLICY_SPEC, policyTypes: ['Ingress'] })).toBe(false);
    expect(isQuarantinePolicy({ ...QUARANTINE_POLICY_SPEC, egress: [{}] })).toBe(false);
    expect(isQuarantinePolicy({ ...QUARANTINE_POLICY_SPEC, ingress: [{}] })).toBe(false);
  });
});

describe('a Kubernetes Event', () => {
  test("says what happened within Kubernetes' limit of 1024 bytes", () => {
    const alert = alertOf('pod-delete-test', { rule: 'ü'.repeat(2000) });
    const { message, involvedObject } = incidentEvent(
      RESPONDER_SUBJECT,
      'IncidentEscalated',
      escalationMessage(alert, undefined, undefined),
      new Date(0),
    );
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
    expect(message).not.toContain('\uFFFD');
    expect(involvedObject).toMatchObject({ kind: 'ServiceAccount', name: 'n8n-responder', namespace: 'n8n' });
  });
});
