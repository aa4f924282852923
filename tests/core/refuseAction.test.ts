import { refuseAction } from '../../core/policy/refuseAction';
import type { Alert } from '../../core/incident/alert';
import type { Configuration } from '../../core/incident/responsePolicy';
import type { Classification, Decision, DecisionRecord } from '../../core/incident/decision';
import type { Action } from '../../core/incident/actions';
import { alertOf, contextOf, RECEIVED_AT } from '../support/alerts';

/** A decision that reached K8s Quarantine as it is, past RACE or changed on its way. */
function decided(decision: Decision, classification: Classification, by: 'model' | 'playbook'): DecisionRecord {
  const proposal = { decision, classification, confidence: 1, reason: 'As claimed.' };
  const run = {
    by,
    fallbackReason: null,
    promptVersion: 'race/1',
    model: null,
    tokens: { input: 0, output: 0 },
    questions: 1,
    durationMs: 1,
  };
  return { ...proposal, proposal, guardrails: [], decidedAt: RECEIVED_AT.toISOString(), run };
}

function refused(
  action: Action,
  alert: Alert,
  decision: DecisionRecord | undefined,
  { approved = false, ...configuration }: Partial<Configuration> & { approved?: boolean } = {},
) {
  const quarantine = { state: 'Quarantined', incident: 'one', until: '2026-11-22T00:00:00.000Z' };
  const context = contextOf(alert, { configuration, ...(action === 'release_pod' ? { quarantine } : {}) });
  return refuseAction(action, { alert, decision }, context, { mode: 'autonomous', approved })?.guardrails;
}

const review = alertOf('escalate-test');
const contained = alertOf('pod-quarantine-test');

describe('refuse, where K8s Quarantine judges again before it acts', () => {
  test.each<Action>(['delete_pod', 'evict_pod'])(
    "%s on a model's word alone is refused, whatever name the model gives itself",
    (action) => {
      for (const by of ['model', 'playbook'] as const) {
        const decision = decided('delete_pod', 'true_positive', by);
        expect(refused(action, review, decision)).toEqual(['delete_on_model', 'quarantine_on_model']);
        expect(refused(action, contained, decision, { deleteFrom: 'notice' })).toEqual(['delete_on_model']);
        expect(refused(action, review, decision, { deleteOnModel: true })).toBeUndefined();
        expect(refused(action, review, decision, { approved: true })).toBeUndefined();
        expect(refused(action, alertOf('pod-delete-test'), decision)).toBeUndefined();
      }
      expect(refused(action, review, undefined)).toBeUndefined();
    },
  );

  test("an isolation on a model's word alone is refused, where neither person nor administrator allows it", () => {
    for (const word of ['delete_pod', 'quarantine_pod'] as const) {
      const decision = decided(word, 'true_positive', 'model');
      expect(refused('quarantine_pod', review, decision)).toEqual(['quarantine_on_model']);
      expect(refused('quarantine_pod', review, decision, { quarantineOnModel: true })).toBeUndefined();
      expect(refused('quarantine_pod', review, decision, { approved: true })).toBeUndefined();
      expect(refused('quarantine_pod', contained, decision)).toBeUndefined();
    }
  });

  test("a pod that the playbook contains is not released by a model's false positive", () => {
    const cleared = decided('ignore', 'false_positive', 'model');
    expect(refused('release_pod', contained, cleared)).toEqual(['playbook_floor']);
    expect(refused('release_pod', contained, cleared, { approved: true })).toBeUndefined();
    expect(refused('release_pod', review, cleared)).toEqual(['ignore_on_model']);
    expect(refused('release_pod', review, cleared, { ignoreOnModel: true })).toBeUndefined();
    expect(refused('release_pod', review, decided('escalate', 'needs_review', 'model'))).toEqual(['release']);
  });
});
