import { playbook } from '../playbook';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/**
 * When the playbook would isolate the pod, a model must not turn that into `ignore`: a manipulated model would make the
 * system weaker than having no model. The playbook reads nothing that an attacker in the pod can write; a model reads
 * all of it.
 */
export const playbookFloor: Guardrail = {
  name: 'playbook_floor',
  liftedByApproval: true,
  check: ({ decision, confidence, alert }) => {
    if (decision !== 'ignore' || confidence === null) return null;
    const own = playbook(alert).decision;
    return acts(own)
      ? escalate(`the playbook answers this rule with ${own}, and a model alone cannot change that to ignore`)
      : null;
  },
};
