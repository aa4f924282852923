import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { kubernetesClaims } from '../../adapters/kubernetes/resources/neoTasks';
import type { ClaimStore } from '../../adapters/neo/claimStore';
import { postgresClaims } from '../../adapters/postgres/claims';
import { readAccess } from '../shared/kubernetesCredential';
import type { Processed } from '../shared/itemLoop';
import { chosenOperation } from '../shared/operation';
import { readPostgresAccess, readPulumiAccess } from './credential';
import { OPERATIONS } from './operations';

/** Runs the chosen operation for one item. */
export async function runOperation(
  context: IExecuteFunctions,
  json: IDataObject,
  index: number,
): Promise<Processed | Processed[]> {
  const run = chosenOperation(context, index, OPERATIONS);
  const access = readPulumiAccess(await context.getCredentials('pulumiCloudApi', index));
  return run({ context, access, claims: () => claimsOf(context, index), json, index });
}

async function claimsOf(context: IExecuteFunctions, index: number): Promise<ClaimStore> {
  if (context.getNodeParameter('claims', index) === 'postgres')
    return postgresClaims(readPostgresAccess(await context.getCredentials('claimsPostgresApi', index)));
  return kubernetesClaims(
    await connect(await readAccess(await context.getCredentials('kubernetesResponderApi', index))),
  );
}
