import { alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { decide } from '../../core/policy/decide';
import { playbook } from '../../core/policy/playbook';
import { FALCO_TABLE, REPORT_TABLE } from '../../core/policy/table';
import type { Incident } from '../../core/incident/incident';
import { passId } from '../../core/incident/incident';
import { incidentLine } from '../../core/telemetry/logLine';
import { measure } from '../../core/telemetry/measure';
import { countsOf } from '../../core/telemetry/counts';
import { exposition } from '../../core/telemetry/exposition';
import { alertOf, contextOf, payload, RECEIVED_AT } from '../support/alerts';
import { report } from '../support/reports';

const run = {
  by: 'playbook' as const,
  fallbackReason: null,
  promptVersion: 'race/1',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 0,
  durationMs: 0,
};
const memory = alertOf('escalate-test', { source: 'alertmanager', trust: 'report', rule: 'PodMemoryExhaustion' });

function incident(alert = memory, proposal = playbook(alert)): Incident {
  const context = contextOf(alert);
  return { alert, context, decision: decide({ proposal, alert, context, mode: 'autonomous', run, now: RECEIVED_AT }) };
}

describe('a report', () => {
  test.each([...FALCO_TABLE.keys()])("that calls itself %s is not taken for Falco's", (rule) => {
    const alert = alertOf('pod-delete-test', { source: 'alertmanager', trust: 'report', rule, tags: ['T1611'] });
    expect(playbook(alert)).toMatchObject({ decision: 'escalate', classification: 'needs_review' });
  });

  test.each([...REPORT_TABLE.keys()])('%s escalates with a reason of its own', (rule) => {
    const { decision } = incident({ ...memory, rule });
    expect(decision).toMatchObject({ decision: 'escalate', reason: REPORT_TABLE.get(rule)?.[0]?.[2].reason });
  });

  test.each(['delete_pod', 'quarantine_pod'] as const)("never has a model's %s carried out", (decision) => {
    const proposal = { decision, classification: 'true_positive' as const, confidence: 1, reason: 'sure' };
    expect(incident(memory, proposal).decision).toMatchObject({
      decision: 'escalate',
      guardrails: expect.arrayContaining([expect.objectContaining({ guardrail: 'source_trust' })]) as unknown,
    });
  });

  test("is what anyone's body is, whatever it says", () => {
    const bodies = [payload(), report('alertmanager-firing'), report('pagerduty-triggered')];
    for (const body of bodies)
      for (const { trust } of normaliseAlerts({ ...body, trust: 'kernel' }, RECEIVED_AT, 'anyone').alerts)
        expect(trust).toBe('report');
  });
});

describe('an alert that its source calls over', () => {
  const over = { ...memory, status: 'resolved' as const, target: null, targetProblem: 'not named' };

  test('is ignored with the reason, whatever is proposed and however serious it was', () => {
    for (const decision of ['delete_pod', 'quarantine_pod', 'escalate', 'ignore'] as const) {
      const proposal = { decision, classification: 'true_positive' as const, confidence: 1, reason: 'sure' };
      expect(incident({ ...over, priority: 'critical' }, proposal).decision).toMatchObject({
        decision: 'ignore',
        classification: 'needs_review',
        reason: expect.stringMatching(/^Resolved at source/) as string,
        guardrails: [],
      });
    }
  });

  test('is counted as that and as nothing else', () => {
    const before = exposition([]).split('\n');
    const changed = exposition(countsOf(measure(incident(over)))).split('\n');
    expect(changed.filter((line) => !before.includes(line))).toEqual(['incident_pipeline_resolved_total 1']);
    expect(passId(incident(over))).not.toBe(passId(incident()));
  });

  test("has a log line with the incident's id that is no incident's", () => {
    const { metadata, line } = incidentLine(incident(over));
    expect(metadata).toMatchObject({ event: 'resolved', incident_id: memory.id });
    expect(JSON.parse(line)).toMatchObject({ event: 'resolved', incident: memory.id, decision: 'ignore' });
    expect(incidentLine(incident()).metadata.event).toBe('incident');
  });

  test('is said to be over without a model', () => {
    expect(analyseWithoutModel(over, undefined).summary).toMatch(
      /^Prometheus alert "PodMemoryExhaustion" .* and is resolved\.$/,
    );
  });

  test('is none where an item of an earlier version does not say', () => {
    const { status: _, ...earlier } = alertOf('test-shell');
    expect(alertSchema.parse(earlier)).toEqual(alertOf('test-shell'));
  });
});
