import type { Classification } from '../incident/decision';
import type { ModelRun } from '../incident/modelRun';

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
