import type { ActionResponse, Outcome } from '../../core/incident/response';
import { decisionInWords } from '../../core/incident/decisionInWords';
import { responseInWords } from '../../core/response/responseInWords';
import { acted } from '../support/incidents';

const POD = { namespace: 'shop', pod: 'web-1', uid: 'u' };
const words = (action: ActionResponse['action'], outcome: Outcome, change: Partial<ActionResponse> = {}) =>
  responseInWords({ ...acted(action, outcome), target: POD, ...change });

test.each<[ActionResponse['action'], Outcome, Partial<ActionResponse>, string]>([
  [
    'quarantine_pod',
    'done',
    { contained: 'full', undo: 'Release it' },
    'Isolated pod shop/web-1 by NetworkPolicy. Undo: Release it.',
  ],
  [
    'quarantine_pod',
    'done',
    { contained: 'partial', gaps: ['DNS', 'the node'] },
    'Isolated pod shop/web-1 by NetworkPolicy, only in part: DNS; the node.',
  ],
  [
    'quarantine_pod',
    'unchanged',
    { contained: 'full' },
    'No change: pod shop/web-1 was isolated already by NetworkPolicy.',
  ],
  ['delete_pod', 'done', {}, 'Deleted pod shop/web-1.'],
  ['delete_pod', 'gone', {}, 'Pod shop/web-1 no longer exists.'],
  ['release_pod', 'gone', {}, 'Could not release pod shop/web-1: it no longer exists.'],
  ['evict_pod', 'dry_run', {}, 'Dry run: the API server would evict pod shop/web-1. Nothing was changed.'],
  ['delete_pod', 'replaced', {}, 'Did not delete pod shop/web-1: another pod has its name now.'],
  ['delete_pod', 'refused', {}, 'Did not delete pod shop/web-1, refused: a test.'],
  ['quarantine_pod', 'failed', { target: null }, 'Could not isolate the pod: a test.'],
])('responseInWords of %s, %s %j: %s', (action, outcome, change, sentence) => {
  expect(words(action, outcome, change)).toBe(sentence);
});

test('decisionInWords names decision, classification, who decided and what bounded it', () => {
  const run = {
    by: 'model' as const,
    fallbackReason: null,
    promptVersion: 'race/1',
    model: 'm',
    tokens: { input: 0, output: 0 },
    questions: 1,
    durationMs: 0,
  };
  const guardrails = [
    { guardrail: 'delete_on_model', from: 'delete_pod' as const, to: 'quarantine_pod' as const, reason: '' },
  ];
  const decision = { decision: 'quarantine_pod' as const, classification: 'true_positive' as const, guardrails, run };
  expect(decisionInWords(decision)).toBe(
    'Decided: quarantine the pod (true positive), by a model, bounded by delete_on_model.',
  );
  expect(decisionInWords({ ...decision, guardrails: [], exception: 'backup' })).toContain('by the exception backup.');
});
