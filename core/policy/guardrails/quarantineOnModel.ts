import { configurationOf } from '../../incident/context';
import { playbook } from '../playbook';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/**
 * A model that is weak, or that a text persuaded, would isolate pods which do nothing wrong. Its proposal alone is not
 * enough: the playbook, a person or the ResponsePolicy must allow it. Who lets a model delete lets it isolate.
 */
export const quarantineOnModel: Guardrail = {
  name: 'quarantine_on_model',
  liftedByApproval: true,
  check: ({ decision, confidence, alert, context }) => {
    if (decision !== 'quarantine_pod' || confidence === null) return null;
    const own = playbook(alert, context).decision;
    const configuration = configurationOf(context);
    const allowed = configuration?.quarantineOnModel === true || configuration?.deleteOnModel === true;
    return acts(own) || allowed
      ? null
      : escalate(
          `the playbook answers this alert with ${own}: a model alone isolates nothing, unless quarantineOnModel in the ResponsePolicy allows it or a person approves`,
        );
  },
};
