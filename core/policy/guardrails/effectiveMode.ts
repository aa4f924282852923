import { lowestMode } from '../../incident/mode';
import { LABELS } from '../../names';
import { acts } from '../strength';
import { configurationOf } from '../../incident/context';
import { escalate, type Guardrail } from './guardrail';

/** Namespaces opt in. The effective mode is the lowest of the namespace's, the cluster's and the workflow's. */
export const effectiveMode: Guardrail = {
  name: 'effective_mode',
  // Not lifted as a whole: `supervised` requires a person's approval, and `observe` allows no action even with one.
  liftedByApproval: false,
  check: ({ decision, context, mode, approved }) => {
    if (!acts(decision) || context?.status !== 'found') return null;
    const own = context.namespace.mode;
    const cluster = configurationOf(context)?.mode ?? 'observe';
    const effective = lowestMode(own, cluster, mode);
    if (effective === 'autonomous' || (effective === 'supervised' && approved)) return null;
    return escalate(
      `the effective mode is ${effective} (namespace ${context.namespace.name}: ${own}, ResponsePolicy: ${cluster}, workflow: ${mode}); ` +
        (effective === 'supervised'
          ? "acting needs a person's approval"
          : `acting needs at least ${LABELS.response}=supervised`),
    );
  },
};
