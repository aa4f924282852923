import { playbook, strongest } from '../playbook';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/**
 * When the playbook would isolate the pod, a model must not turn that into `ignore`: a manipulated model would make the
 * system weaker than having no model. That holds as well where facts about the pod only keep the playbook from acting by
 * itself; where they explain the alert, the playbook ignores it too. What an attacker in the pod can write makes the
 * playbook's answer stronger only; a model reads all of it.
 */
export const playbookFloor: Guardrail = {
  name: 'playbook_floor',
  liftedByApproval: true,
  check: ({ decision, confidence, alert, context }) => {
    if (decision !== 'ignore' || confidence === null) return null;
    const own = playbook(alert, context).decision;
    if (acts(own))
      return escalate(`the playbook answers this alert with ${own}, and a model alone cannot change that to ignore`);
    return own !== 'ignore' && acts(strongest(alert))
      ? escalate(
          `the playbook answers this rule with ${strongest(alert)} at most, and a model alone cannot change that to ignore`,
        )
      : null;
  },
};
