import { configurationOf } from '../../incident/context';
import { playbook } from '../playbook';
import { escalate, type Guardrail } from './guardrail';

/**
 * Where the playbook asks a person, a model alone does not spare that person the question: to be ignored is what an
 * attacker wants most. The ResponsePolicy may allow it, within the floors that always hold.
 */
export const ignoreOnModel: Guardrail = {
  name: 'ignore_on_model',
  liftedByApproval: true,
  liftedByException: true,
  check: ({ decision, confidence, alert, context }) => {
    if (decision !== 'ignore' || confidence === null) return null;
    const asks = playbook(alert, context).decision === 'escalate';
    return asks && configurationOf(context)?.ignoreOnModel !== true
      ? escalate(
          'the playbook asks a person about this alert: a model alone does not ignore it, unless ignoreOnModel in the ResponsePolicy allows it or a person approves',
        )
      : null;
  },
};
