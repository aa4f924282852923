import { loadAlert } from '../../cluster/local/alerts/alertFiles.js';
import type { Decision } from '../../core/incident/decision.js';
import {
  type Asked,
  raceAnswer,
  ROSES_ANSWER,
  type ScriptedModel,
  startScriptedModel,
} from '../../tests/support/scriptedModel.js';
import { KINDS } from '../chaos/alerts.js';

/** Fixed, so that a stack that is configured for it already need not be changed. */
const PORT = 30_080;
/** What a client has to name, and the scripted model does not check. */
export const SCRIPTED = { apiKey: 'scripted', name: 'scripted-1' } as const;

export interface PlayedModel extends ScriptedModel {
  answerTo: (asked: Asked) => string;
}

/** A model that decides as the playbook does; n8n is pointed at it. */
export async function playModel(): Promise<PlayedModel> {
  const model = await startPlayedModel();
  pointAt(model);
  return model;
}

/** A model that decides as the playbook does. */
export async function startPlayedModel(): Promise<PlayedModel> {
  const decisions = await decisionsByRule();
  const answerTo = ({ agent, text }: Asked): string =>
    agent === 'roses' ? ROSES_ANSWER : raceAnswer(decisionIn(text, decisions));
  return { ...(await startScriptedModel(answerTo, PORT)), answerTo };
}

/** Has the next start of the stack point n8n at a model. */
export function pointAt({ url }: Pick<ScriptedModel, 'url'>): void {
  const { apiKey, name } = SCRIPTED;
  Object.assign(process.env, { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: name });
}

/** Has the next start of the stack leave decisions to the playbook: the time of a model is not what is measured, nor its mistakes. */
export function withoutModel(): void {
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL']) Reflect.deleteProperty(process.env, name);
}

type RuleDecision = [rule: string, decision: Decision];

const decisionsByRule = (): Promise<RuleDecision[]> =>
  Promise.all(
    Object.entries(KINDS).map(
      async ([kind, decision]): Promise<RuleDecision> => [String((await loadAlert(kind)).rule), decision],
    ),
  );

function decisionIn(text: string, decisions: readonly RuleDecision[]): Decision {
  return decisions.find(([rule]) => text.includes(rule))?.[1] ?? 'escalate';
}
