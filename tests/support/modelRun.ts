import type { ModelRun } from '../../core/incident/modelRun';

/** The run of a decision in which no model took part. */
export const NO_MODEL: ModelRun = {
  by: 'playbook',
  fallbackReason: null,
  promptVersion: 'a test',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 0,
  durationMs: 0,
};
