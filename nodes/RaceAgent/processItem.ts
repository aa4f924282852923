import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { ask } from '../../adapters/model/ask';
import { decisionInWords } from '../../core/incident/decisionInWords';
import { parseMode } from '../../core/incident/mode';
import { decide } from '../../core/policy/decide';
import { DECISIONS, proposalSchema } from '../../core/incident/decision';
import { playbook } from '../../core/policy/playbook';
import { RACE_PROMPT_VERSION, racePrompt } from '../../core/policy/prompt';
import { readIncident } from '../../core/incident/incident';
import { now } from '../shared/clock';
import { hintInWords } from '../shared/hint';
import type { Processed } from '../shared/itemLoop';
import { askOptions, connectedModel, hintOnFallback } from '../shared/model';

/** Adds `decision` to an incident and sends it to the output of that name. */
export async function decideItem(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const { alert, context: target, analysis } = readIncident(json);
  const { answer, run } = await ask(
    await connectedModel(context, { alert, context: target }),
    {
      messages: racePrompt(alert, target, analysis),
      promptVersion: RACE_PROMPT_VERSION,
      schema: proposalSchema,
    },
    askOptions(context, index),
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
  return { output: DECISIONS.indexOf(decision.decision), json: { ...json, decision } };
}
