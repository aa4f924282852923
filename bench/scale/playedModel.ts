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

/** A model that decides as the playbook does, and the variables that point n8n at it. */
export async function playModel(): Promise<ScriptedModel> {
  const decisions = await decisionsByRule();
  const model = await startScriptedModel(
    ({ agent, text }: Asked) => (agent === 'roses' ? ROSES_ANSWER : raceAnswer(decisionIn(text, decisions))),
    PORT,
  );
  Object.assign(process.env, {
    OPENAI_API_KEY: 'scripted',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_MODEL: 'scripted-1',
  });
  return model;
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
