import type { Classification, DecisionRecord } from './decision';
import type { ModelRun } from './modelRun';

/** What is done, for "decided to ...". */
export const DECISION_WORDS = {
  delete_pod: 'delete the pod',
  quarantine_pod: 'quarantine the pod',
  release_pod: 'release the pod',
  ignore: 'ignore it',
  escalate: 'ask a person',
} as const;

export const CLASSIFICATION_WORDS: Readonly<Record<Classification, string>> = {
  true_positive: 'true positive',
  false_positive: 'false positive',
  needs_review: 'needs review',
};

export const DECIDED_BY: Readonly<Record<ModelRun['by'], string>> = { model: 'a model', playbook: 'the playbook' };

type Decided = Pick<DecisionRecord, 'decision' | 'classification' | 'guardrails' | 'run' | 'exception'>;

/** "Decided: quarantine the pod (true positive), by a model, bounded by delete_on_model." Plain text: escape it. */
export function decisionInWords({ decision, classification, guardrails, run, exception }: Decided): string {
  const by = exception === undefined ? DECIDED_BY[run.by] : `the exception ${exception}`;
  const names = guardrails.map(({ guardrail }) => guardrail).join(', ');
  const bounded = guardrails.length === 0 ? '' : `, bounded by ${names}`;
  return `Decided: ${DECISION_WORDS[decision]} (${CLASSIFICATION_WORDS[classification]}), by ${by}${bounded}.`;
}
