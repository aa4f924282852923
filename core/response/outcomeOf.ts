import type { PipelineError, PipelineErrorCode } from '../errors';
import type { Outcome } from '../incident/response';

const OUTCOMES: Partial<Record<PipelineErrorCode, Outcome>> = {
  forbidden: 'refused',
  rejected: 'refused',
  not_found: 'gone',
};

/** The outcome that an error of a running action means for the pod. */
export function outcomeOf({ code }: PipelineError): Outcome {
  return OUTCOMES[code] ?? 'failed';
}
