import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { kubernetesClaims } from '../../adapters/kubernetes/resources/neoTasks';
import { neoOf } from '../../adapters/neo/neo';
import { postgresClaims } from '../../adapters/postgres/claims';
import type { ClaimStore } from '../../app/neo/ports';
import { readAccess } from '../shared/kubernetesCredential';
import { patientCredentials } from '../shared/patientCredentials';
import { readPostgresAccess } from '../shared/postgresCredential';
import type { Processed } from '../shared/itemLoop';
import { chosenOperation } from '../shared/operation';
import { readPulumiAccess } from './credential';
import { OPERATIONS } from './operations';

/** Runs the chosen operation for one item. */
export async function runOperation(
  context: IExecuteFunctions,
  json: IDataObject,
  index: number,
): Promise<Processed | Processed[]> {
  const run = chosenOperation(context, index, OPERATIONS);
  const neo = neoOf(readPulumiAccess(await patientCredentials(context, 'pulumiCloudApi', index)));
  return run({ context, neo, claims: () => claimsOf(context, index), json, index });
}

async function claimsOf(context: IExecuteFunctions, index: number): Promise<ClaimStore> {
  if (context.getNodeParameter('claims', index) === 'postgres')
    return postgresClaims(readPostgresAccess(await patientCredentials(context, 'incidentPostgresApi', index)));
  return kubernetesClaims(
    await connect(await readAccess(await patientCredentials(context, 'kubernetesResponderApi', index))),
  );
}
