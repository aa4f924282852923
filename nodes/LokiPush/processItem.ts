import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { type LokiAccess, pushLines, sayOfLines } from '../../adapters/loki/push';
import type { OutputStore } from '../../app/outputs/ports';
import { dropLines, keepLines } from '../../app/outputs/keepLines';
import { type LinesOutput, timed } from '../../app/outputs/linesOutput';
import { sendLines } from '../../app/outputs/sendLines';
import { messageWithStep } from '../../core/errors';
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
import { openOutputStore, outputOwner, warn } from '../shared/outputStore';
import { patientCredentials } from '../shared/patientCredentials';
import { readFalco } from './readFalco';
import { readIncidentLines } from './readIncidentLines';

/**
 * Writes the line of one incident, one failed execution or one record that is pruned, or sends the lines that wait. The item passes
 * through unchanged, also if Loki does not answer: the line is kept. Read Falco's Output has items of its own, and
 * Read Incident adds what it read.
 */
export async function pushLog(
  context: IExecuteFunctions,
  json: IDataObject,
  index: number,
): Promise<Processed | Processed[]> {
  const access = await accessOf(context, index);
  const operation = context.getNodeParameter('operation', index, 'log');
  if (operation === 'readFalco') return readFalco(context, access, index);
  if (operation === 'readIncident') return readIncidentLines(context, json, access, index);
  const to: LinesOutput = {
    instance: outputOwner(context),
    destination: context.getNode().credentials?.lokiApi?.id ?? '',
    send: (lines) => sayOfLines(access, lines),
  };
  // A record is pruned once its line is in Loki. Until then it stays, and its line is sent again with the next run.
  if (isRecordItem(json)) await pushLines(access, timed([prunedLine(readRecordItem(json))], now()));
  else if (operation === 'sendWaiting') await sendWaiting(context, index, to);
  else await keepAndSend(context, index, to, linesOf(context, json), access);
  return { output: 0, json };
}

async function accessOf(context: IExecuteFunctions, index: number): Promise<LokiAccess> {
  const credential = await patientCredentials<Partial<LokiAccess> & { url: string }>(context, 'lokiApi', index);
  const { url, tenant = '', username = '', password = '' } = credential;
  return { url, tenant, username, password };
}

/** @throws PipelineError if the lines can be neither kept nor sent */
async function keepAndSend(
  context: IExecuteFunctions,
  index: number,
  to: LinesOutput,
  lines: readonly LogLine[],
  access: LokiAccess,
): Promise<void> {
  const at = now();
  let store: OutputStore;
  try {
    store = await openOutputStore(context, index);
    warnOfDropped(context, await keepLines(store, to, lines, at));
  } catch (error) {
    // The same time as in the store: if both have them, they are stored once.
    await pushLines(access, timed(lines, at));
    warn(context, `Logged, but nothing could be kept if Loki had not answered: ${messageWithStep(error)}`);
    return;
  }
  await sendAndWarn(context, store, to);
}

async function sendWaiting(context: IExecuteFunctions, index: number, to: LinesOutput): Promise<void> {
  const store = await openOutputStore(context, index);
  warnOfDropped(context, await dropLines(store, to, now()));
  await sendAndWarn(context, store, to);
}

function warnOfDropped(context: IExecuteFunctions, dropped: number): void {
  if (dropped > 0) warn(context, `${dropped} log lines were dropped: too many waited for Loki, or for too long`);
}

async function sendAndWarn(context: IExecuteFunctions, store: OutputStore, to: LinesOutput): Promise<void> {
  const problem = await sendLines(store, to, now);
  if (problem !== null) warn(context, `Kept, and logged later: ${problem}`);
}

function linesOf(context: IExecuteFunctions, json: IDataObject): LogLine[] {
  const failure = readFailure(json);
  if (failure !== null) return [failureLine(failure)];
  const incident = readIncident(json);
  if (incident.task !== undefined) return [taskLine(incident.alert, incident.task)];
  // What a node before this one put beside the incident when it failed and its error output led here.
  const { error } = json;
  const notes = typeof error === 'string' ? [error] : [];
  const { id: workflow = '' } = context.getWorkflow();
  return [incidentLine(incident, notes, { workflow, id: context.getExecutionId() }), ...evidenceLines(incident)];
}
