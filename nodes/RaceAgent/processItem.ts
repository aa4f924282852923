import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { decisionInWords } from '../../core/incident/decisionInWords';
import { parseMode } from '../../core/incident/mode';
import { decide } from '../../core/policy/decide';
import { DECISIONS, proposalSchema } from '../../core/incident/decision';
import { playbook } from '../../core/policy/playbook';
import { RACE_PROMPT_VERSION, racePrompt } from '../../core/policy/prompt';
import { raceKey } from '../../core/policy/reuse';
import { readIncident } from '../../core/incident/incident';
import { askOrReuse } from '../shared/answers';
import { now } from '../shared/clock';
import { hintInWords } from '../shared/hint';
import type { Processed } from '../shared/itemLoop';
import { connectedModel, connectedName, hintOnFallback } from '../shared/model';
import { keepOrForget } from './keepAnswers';

/** Adds `decision` to an incident and sends it to the output of that name. */
export async function decideItem(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const { alert, context: target, analysis } = readIncident(json);
  const connection = await connectedModel(context, { alert, context: target });
  const key = raceKey(connectedName(connection), alert, target, analysis);
  const { answer, run } = await askOrReuse(
    context,
    index,
    connection,
    {
      messages: racePrompt(alert, target, analysis),
      promptVersion: RACE_PROMPT_VERSION,
      schema: proposalSchema,
    },
    key,
  );
  hintOnFallback(context, run);
  const decision = decide({
    proposal: answer ?? playbook(alert, target),
    alert,
    context: target,
    mode: parseMode(context.getNodeParameter('mode', index)),
    run,
    now: now(),
  });
  hintInWords(context, decisionInWords(decision), 'info');
  await keepOrForget(context, index, key, { alert, context: target, analysis, decision });
  return { output: DECISIONS.indexOf(decision.decision), json: { ...json, decision } };
}
