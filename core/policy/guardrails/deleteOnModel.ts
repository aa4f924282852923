import { configurationOf } from '../../incident/context';
import { playbook } from '../playbook';
import type { Guardrail } from './guardrail';

/**
 * A deletion cannot be undone, so a model's proposal alone is not enough: the playbook, a person or the ResponsePolicy
 * must allow it.
 */
export const deleteOnModel: Guardrail = {
  name: 'delete_on_model',
  liftedByApproval: true,
  check: ({ decision, confidence, alert, context }) => {
    if (decision !== 'delete_pod' || confidence === null) return null;
    const own = playbook(alert, context).decision;
    if (own === 'delete_pod' || configurationOf(context)?.deleteOnModel === true) return null;
    return {
      ceiling: 'quarantine_pod',
      reason: `the playbook answers this alert with ${own}: a model alone deletes nothing, unless deleteOnModel in the ResponsePolicy allows it or a person approves`,
    };
  },
};
