import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { ask } from '../../adapters/model/ask';
import { normaliseAlert } from '../../core/alert/normalise';
import { type Analysis, rosesAnswerSchema } from '../../core/analysis/analysis';
import { ROSES_PROMPT_VERSION, rosesPrompt } from '../../core/analysis/prompt';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { readIncident } from '../../core/telemetry/incident';
import type { Processed } from '../shared/itemLoop';
import { askOptions, connectedModel, hintOnFallback } from '../shared/model';

/** Adds `analysis` to an incident, or to the incident made of a raw webhook body. */
export async function analyse(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const item = 'alert' in json ? json : fromRawBody(json);
  const { alert, context: target } = readIncident(item);
  const { answer, run } = await ask(
    await connectedModel(context),
    { messages: rosesPrompt(alert, target), promptVersion: ROSES_PROMPT_VERSION, schema: rosesAnswerSchema, alert },
    askOptions(context, index),
  );
  hintOnFallback(context, run);
  const analysis: Analysis = { ...(answer ?? analyseWithoutModel(alert, target)), run };
  return { output: 0, json: { ...item, analysis } };
}

/** A plain Webhook node checks nobody's identity, so what it brings is a report, whatever it says. */
function fromRawBody(json: IDataObject) {
  return { alert: normaliseAlert(json.body, new Date(), 'report') };
}
