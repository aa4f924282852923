import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { metricsGroup, type PushgatewayAccess } from '../../adapters/pushgateway/push';
import { readFailure } from '../../core/telemetry/failure';
import { passId, readIncident } from '../../core/incident/incident';
import { measure } from '../../core/telemetry/measure';
import type { Processed } from '../shared/itemLoop';

/** Counts one incident, or one failed execution, and pushes the whole state. The item passes through unchanged. */
export async function pushMetrics(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const {
    url,
    username = '',
    password = '',
  } = await context.getCredentials<Partial<PushgatewayAccess> & { url: string }>('pushgatewayApi', index);
  const chosen = context.getNodeParameter('instance', index);
  const instance = typeof chosen === 'string' && chosen !== '' ? chosen : context.getInstanceId().slice(0, 16);
  const group = metricsGroup(url, instance);
  if (readFailure(json) === null) {
    const incident = readIncident(json);
    group.countIncident(passId(incident), measure(incident));
  } else {
    group.countFailure();
  }
  await group.push({ url, username, password });
  return { output: 0, json };
}
