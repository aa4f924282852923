import { isolationAdvice } from '../../context/bypasses';
import { configurationOf } from '../../incident/context';
import { escalate, type Guardrail } from './guardrail';

/**
 * A pod that can reach its node can leave its isolation at any time. Deletion stops it, so `delete_pod` passes; a
 * person may still approve the partial isolation.
 */
export const isolationBypass: Guardrail = {
  name: 'isolation_bypass',
  liftedByApproval: true,
  check: ({ decision, context }) => {
    if (decision !== 'quarantine_pod' || context?.status !== 'found') return null;
    const accepted = configurationOf(context)?.isolateDespite ?? [];
    const open = context.pod.bypasses.filter(({ kind }) => !accepted.includes(kind));
    if (open.length === 0) return null;
    const details = open.map(({ detail }) => detail).join('; ');
    return escalate(`a NetworkPolicy would not contain the pod: ${details}. ${isolationAdvice(context.pod.node)}`);
  },
};
