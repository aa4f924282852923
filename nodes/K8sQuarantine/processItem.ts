import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import type { Processed } from '../shared/itemLoop';
import { readAccess } from '../shared/kubernetesCredential';
import { patientCredentials } from '../shared/patientCredentials';
import { chosenOfResource } from '../shared/resource';
import { RESOURCES } from './resources';

/** Runs the chosen operation for one item. */
export async function respond(
  context: IExecuteFunctions,
  json: IDataObject,
  index: number,
): Promise<Processed | Processed[]> {
  const run = chosenOfResource(context, index, RESOURCES);
  const client = await connect(await readAccess(await patientCredentials(context, 'kubernetesResponderApi', index)));
  return run({ context, cluster: clusterOf(client), json, index });
}
