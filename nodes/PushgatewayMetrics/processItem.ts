import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { metricsGroup, type PushgatewayAccess } from '../../adapters/pushgateway/push';
import { readEnded } from '../../core/telemetry/ended';
import { readFailure } from '../../core/telemetry/failure';
import { passId, readIncident } from '../../core/incident/incident';
import { measure } from '../../core/telemetry/measure';
import type { Processed } from '../shared/itemLoop';

/** Counts one incident, one failed execution, or the incidents that ended, and pushes the whole state. The item passes through unchanged. */
export async function pushMetrics(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const {
    url,
    username = '',
    password = '',
  } = await context.getCredentials<Partial<PushgatewayAccess> & { url: string }>('pushgatewayApi', index);
  const chosen = context.getNodeParameter('instance', index);
  const instance = typeof chosen === 'string' && chosen !== '' ? chosen : context.getInstanceId().slice(0, 16);
  const group = metricsGroup(url, instance);
  const ended = readEnded(json);
  if (ended !== null) group.countEnded(ended);
  else if (readFailure(json) !== null) group.countFailure();
  else {
    const incident = readIncident(json);
    group.countIncident(passId(incident), measure(incident));
  }
  await group.push({ url, username, password });
  return { output: 0, json };
}
