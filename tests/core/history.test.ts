import { afterOutcome } from '../../core/folding/outcome';
import { afterPass } from '../../core/folding/fold';
import { historyOf } from '../../core/folding/history';
import type { ApprovalNote, DecisionRecord } from '../../core/incident/decision';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import { eventOf } from '../support/incidents';
import { NO_MODEL } from '../support/modelRun';

const NOW = new Date('2026-11-28T10:00:00.000Z');
const COST = { model: false, notify: false };
const event = eventOf();
const opened = afterPass(null, event, 'opened', COST, NOW);

/** What a person decided, as a decided Approval puts it into the item. */
function decided(
  classification: DecisionRecord['classification'],
  { chosen = 'ignore', name = 'approval-1', at = NOW.toISOString() }: Partial<ApprovalNote> = {},
): DecisionRecord {
  const decision = classification === 'true_positive' ? 'quarantine_pod' : 'ignore';
  const said = { decision, classification, confidence: 1, reason: 'a test' } as const;
  return {
    ...said,
    proposal: said,
    guardrails: [],
    decidedAt: at,
    run: NO_MODEL,
    approval: { name, state: chosen === null ? 'Rejected' : 'Approved', chosen, by: 'ann', via: 'form', at },
  };
}
const after = (status: IncidentStatus, decision: DecisionRecord) =>
  afterOutcome(status, { alert: event, decision }, NOW);
const history = (status: IncidentStatus) =>
  historyOf(
    { spec: { source: event.source, rule: event.rule, subject: { kind: 'Pod', name: 'a' }, opened }, status },
    NOW,
  );

test('afterOutcome() keeps what a person judged, once for each Approval, and keeps it when the incident is opened again', () => {
  const once = after(opened, decided('false_positive'));
  const twice = after(
    after(once, decided('false_positive')),
    decided('true_positive', { name: 'approval-2', chosen: 'quarantine_pod' }),
  );
  expect(history(twice)).toEqual({ incidents: 0, workloads: 0, falsePositives: 1, truePositives: 1 });
  const again = afterPass({ ...twice, state: 'Settled' }, eventOf(), 'reopened', COST, NOW);
  expect(history(again)).toEqual({ incidents: 1, workloads: 1, falsePositives: 1, truePositives: 1 });
});

test.each<[string, DecisionRecord]>([
  ['nobody decided on', decided('needs_review', { chosen: null })],
  ['a model or the playbook decided', { ...decided('false_positive'), approval: undefined }],
])('afterOutcome() takes no judgement from what %s', (_what, decision) => {
  expect(history(after(opened, decision))).toMatchObject({ falsePositives: 0, truePositives: 0 });
});

test('historyOf() forgets judgements after 14 days', () => {
  const old = after(opened, decided('false_positive', { at: '2026-11-14T09:59:59.000Z' }));
  expect(history(old)).toMatchObject({ falsePositives: 0 });
  expect(history(after(opened, decided('false_positive', { at: '2026-11-14T10:00:01.000Z' })))).toMatchObject({
    falsePositives: 1,
  });
});
