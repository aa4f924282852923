import { PipelineError } from '../../../core/errors';
import type { Processed } from '../../shared/itemLoop';
import { type OperationInput, toEscalate } from './operation';

/** What the cluster refuses or lacks leaves by *escalate* with its reason under `key`. */
export async function orProblem(
  input: OperationInput,
  run: (input: OperationInput) => Promise<Processed | Processed[]>,
  key: 'problem' | 'approvalProblem' | 'incidentProblem' = 'problem',
): Promise<Processed | Processed[]> {
  try {
    return await run(input);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return toEscalate({ ...input.json, [key]: `${error.message}. ${error.nextStep}` });
  }
}
