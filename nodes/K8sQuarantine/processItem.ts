import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/client';
import { PipelineError } from '../../core/errors';
import type { Processed } from '../shared/itemLoop';
import { readAccess } from '../shared/kubernetesCredential';
import { OPERATIONS } from './operations';

/** Runs the chosen operation for one item. */
export async function respond(
  context: IExecuteFunctions,
  json: IDataObject,
  index: number,
): Promise<Processed | Processed[]> {
  const operation = context.getNodeParameter('operation', index);
  const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (run === undefined)
    throw new PipelineError('misconfigured', `there is no operation ${operation}`, {
      nextStep: 'Choose an operation from the list.',
    });
  const client = await connect(await readAccess(await context.getCredentials('kubernetesResponderApi', index)));
  return run({ context, client, json, index });
}
