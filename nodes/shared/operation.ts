import type { IExecuteFunctions } from 'n8n-workflow';

import { PipelineError } from '../../core/errors';

/** What the node's parameter `operation` stands for. @throws PipelineError `misconfigured` */
export function chosenOperation<T>(
  context: IExecuteFunctions,
  index: number,
  operations: Readonly<Record<string, T>>,
): T {
  const operation = context.getNodeParameter('operation', index);
  const chosen = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (chosen !== undefined) return chosen;
  throw new PipelineError('misconfigured', `there is no operation ${operation}`, {
    nextStep: 'Choose an operation from the list.',
  });
}
