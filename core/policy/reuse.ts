import { requestKey, situationOf } from '../analysis/situation';
import type { Alert } from '../incident/alert';
import type { Analysis } from '../incident/analysis';
import type { TargetContext } from '../incident/context';
import type { DecisionRecord } from '../incident/decision';
import { playbook } from './playbook';
import { RACE_PROMPT_VERSION, racePrompt } from './prompt';
import { acts } from './strength';

/** The key of a RACE request; null where the model must be asked. It holds the analysis, which the model is shown. */
export function raceKey(
  model: string | null,
  alert: Alert,
  context: TargetContext | undefined,
  analysis: Analysis | undefined,
): string | null {
  const situation = model === null ? null : situationOf(alert, context);
  if (model === null || situation === null || analysis?.run.by !== 'model') return null;
  const messages = racePrompt(situation.alert, situation.context, analysis);
  return requestKey(model, RACE_PROMPT_VERSION, situation, messages);
}

/**
 * Whether a model's answers may be used for the same situation again: it proposed no deletion, policy left its proposal as
 * it is, and it does not keep the playbook from acting.
 */
export function mayKeep(decision: DecisionRecord, alert: Alert, context: TargetContext | undefined): boolean {
  const { proposal, guardrails, run } = decision;
  if (run.by !== 'model' || proposal.decision === 'delete_pod') return false;
  if (guardrails.length > 0 || decision.decision !== proposal.decision) return false;
  return acts(proposal.decision) || !acts(playbook(alert, context).decision);
}
