import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { type Alert, alertSchema } from '../../core/incident/alert';
import { normaliseSteps } from '../../core/alert/normalise';
import { type Analysis, rosesAnswerSchema } from '../../core/incident/analysis';
import { ROSES_PROMPT_VERSION, rosesPrompt } from '../../core/analysis/prompt';
import { rosesKey } from '../../core/analysis/situation';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { PipelineError } from '../../core/errors';
import { actsByPlaybook } from '../../core/policy/playbook';
import { readIncident } from '../../core/incident/incident';
import { askOrReuse } from '../shared/answers';
import { now } from '../shared/clock';
import type { Processed } from '../shared/itemLoop';
import { connectedModel, connectedName, hintOnFallback } from '../shared/model';
import { paced } from '../shared/paced';
import { analyses } from '../shared/turns';
import { way } from '../shared/way';

/** Adds `analysis` to an incident, or to each of the incidents made of a raw webhook body. */
export async function analyse(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed[]> {
  if (index === 0) await inTurn(context.getInputData());
  if ('alert' in json) return [await analyseItem(context, json, index)];
  const analysed: Processed[] = [];
  for (const alert of await fromRawBody(json)) analysed.push(await analyseItem(context, { alert }, index));
  return analysed;
}

/** An alert that the playbook acts on waits for no other, nor do those that started the workflow together with it. */
async function inTurn(items: readonly INodeExecutionData[]): Promise<void> {
  const alerts = items.flatMap(({ json }) => alertSchema.safeParse(json.alert).data ?? []);
  if (alerts.some(actsByPlaybook)) way.hold();
  else await analyses.take();
}

async function analyseItem(
  context: IExecuteFunctions,
  item: Record<string, unknown>,
  index: number,
): Promise<Processed> {
  const { alert, context: target } = readIncident(item);
  const connection = await connectedModel(context, { alert, context: target });
  const { answer, run } = await askOrReuse(
    context,
    index,
    connection,
    { messages: rosesPrompt(alert, target), promptVersion: ROSES_PROMPT_VERSION, schema: rosesAnswerSchema },
    rosesKey(connectedName(connection), alert, target),
  );
  hintOnFallback(context, run);
  const analysis: Analysis = { ...(answer ?? analyseWithoutModel(alert, target)), run };
  return { output: 0, json: { ...item, analysis } };
}

/** A plain Webhook node checks nobody's identity, so what it brings is a report, whatever it says. */
async function fromRawBody({ body }: IDataObject): Promise<Alert[]> {
  const { alerts, skipped } = await paced(normaliseSteps(body, now(), 'anyone'), 'anyone');
  if (skipped === null) return alerts;
  throw new PipelineError('not_an_alert', `the body holds no alert: ${skipped}`, {
    nextStep: 'Receive what this sender posts with Security Alert Trigger, which answers it without an execution.',
  });
}
