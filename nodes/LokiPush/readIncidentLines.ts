import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { LokiAccess } from '../../adapters/loki/push';
import { readPage } from '../../adapters/loki/read';
import { readLog } from '../../app/incidents/readLog';
import { PipelineError } from '../../core/errors';
import { linesOf } from '../../core/response/links';
import { now } from '../shared/clock';
import type { Processed } from '../shared/itemLoop';

/** Lines of decisions alone: those of evidence are long, and others are no passes. */
const OF_PASSES = '| event=~"incident|resolved|sensor"';

/** Reads the passes of one incident from Loki, and adds them as the key `log`, for Get Report of K8s Quarantine. */
export async function readIncidentLines(
  context: IExecuteFunctions,
  json: IDataObject,
  access: LokiAccess,
  index: number,
): Promise<Processed> {
  const incident = textOf(context, 'incidentId', index);
  const since = Date.parse(textOf(context, 'since', index));
  if (incident === '' || Number.isNaN(since))
    throw new PipelineError('misconfigured', 'there is no incident to read, or no time since when', {
      nextStep: 'Connect this node after Incident: Get of K8s Quarantine, or fill in "Incident ID" and "Since".',
    });
  const selector = `${linesOf(incident)} ${OF_PASSES}`;
  const log = await readLog((from, to) => readPage(access, { selector, from, to }), new Date(since), now());
  return { output: 0, json: { ...json, log } };
}

/** A parameter's text; an expression may give anything, and what is no text is empty. */
function textOf(context: IExecuteFunctions, name: string, index: number): string {
  const value: unknown = context.getNodeParameter(name, index, '');
  return typeof value === 'string' ? value.trim() : '';
}
