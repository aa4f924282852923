import { configurationOf } from '../../incident/context';
import { escalate, type Guardrail } from './guardrail';

/** A proposal with too little confidence for its action is lowered to the next safer one. */
export const confidence: Guardrail = {
  name: 'confidence',
  liftedByApproval: true,
  check: ({ decision, confidence: given, context }) => {
    const minimum = configurationOf(context)?.minimumConfidence;
    if (given === null || minimum === undefined) return null;
    if ((decision === 'delete_pod' || decision === 'quarantine_pod') && given < minimum.quarantinePod)
      return escalate(`confidence ${given} is below ${minimum.quarantinePod}, the minimum for an action`);
    if (decision === 'delete_pod' && given < minimum.deletePod)
      return {
        ceiling: 'quarantine_pod',
        reason: `confidence ${given} is below ${minimum.deletePod}, the minimum for delete_pod`,
      };
    return null;
  },
};
