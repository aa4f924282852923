import type { IExecuteFunctions } from 'n8n-workflow';

import { keepAnswers } from '../../app/answers/reuse';
import { rosesKey } from '../../core/analysis/situation';
import type { Alert } from '../../core/incident/alert';
import type { Analysis } from '../../core/incident/analysis';
import type { TargetContext } from '../../core/incident/context';
import type { DecisionRecord } from '../../core/incident/decision';
import { mayKeep } from '../../core/policy/reuse';
import { withAnswers } from '../shared/answers';

interface Decided {
  alert: Alert;
  context: TargetContext | undefined;
  analysis: Analysis | undefined;
  decision: DecisionRecord;
}

/**
 * Keeps what the model answered, analysis and proposal together, once policy has judged the proposal; what it may not be used
 * for again, it forgets. What was reused is not kept again: its hour goes on.
 */
export async function keepOrForget(
  context: IExecuteFunctions,
  index: number,
  key: string | null,
  { alert, context: target, analysis, decision }: Decided,
): Promise<void> {
  if (key === null || analysis === undefined) return;
  const { run, ...answer } = analysis;
  const analysisKey = rosesKey(run.model, alert, target);
  if (analysisKey === null) return;
  const isFresh = decision.run.by === 'model' && decision.run.reused === undefined;
  await withAnswers(context, index, async (store) => {
    if (!mayKeep(decision, alert, target)) await store.forget([analysisKey, key]);
    else if (isFresh)
      await keepAnswers(store, alert.id, [
        ...(run.reused === undefined ? [{ key: analysisKey, answer }] : []),
        { key, answer: decision.proposal },
      ]);
  });
}
