import { playbook } from '../playbook';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/**
 * Without a model the pod would be isolated, so that a model which was talked into ignoring would make the system weaker
 * than none. The playbook looks at nothing that whoever runs in the pod could write; a model reads all of it.
 */
export const playbookFloor: Guardrail = {
  name: 'playbook_floor',
  liftedByApproval: true,
  check: ({ decision, confidence, alert }) => {
    if (decision !== 'ignore' || confidence === null) return null;
    const own = playbook(alert).decision;
    return acts(own)
      ? escalate(`the playbook answers this rule with ${own}, which a model alone does not turn into ignore`)
      : null;
  },
};
