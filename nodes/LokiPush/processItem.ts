import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { type LokiAccess, pushLines } from '../../adapters/loki/push';
import { readFailure } from '../../core/telemetry/failure';
import { readIncident } from '../../core/incident/incident';
import { isRecordItem, readRecordItem } from '../../core/retention/lastState';
import {
  evidenceLines,
  failureLine,
  incidentLine,
  type LogLine,
  prunedLine,
  taskLine,
} from '../../core/telemetry/logLine';
import { now } from '../shared/clock';
import type { Processed } from '../shared/itemLoop';

/** Writes the line of one incident, one failed execution or one record that is pruned. The item passes through unchanged. */
export async function pushLog(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const {
    url,
    tenant = '',
    username = '',
    password = '',
  } = await context.getCredentials<Partial<LokiAccess> & { url: string }>('lokiApi', index);
  await pushLines({ url, tenant, username, password }, linesOf(json), now());
  return { output: 0, json };
}

function linesOf(json: IDataObject): LogLine[] {
  const failure = readFailure(json);
  if (failure !== null) return [failureLine(failure)];
  if (isRecordItem(json)) return [prunedLine(readRecordItem(json))];
  const incident = readIncident(json);
  if (incident.task !== undefined) return [taskLine(incident.alert, incident.task)];
  // What a node before this one put beside the incident when it failed and its error output led here.
  const { error } = json;
  return [incidentLine(incident, typeof error === 'string' ? [error] : []), ...evidenceLines(incident)];
}
