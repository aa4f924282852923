import { lowestMode } from '../../incident/mode';
import { LABELS } from '../../names';
import { acts } from '../strength';
import { configurationOf } from '../../incident/context';
import { escalate, type Guardrail } from './guardrail';

/** Namespaces opt in; what counts is the lowest of the namespace's mode, the cluster's and the workflow's. */
export const effectiveMode: Guardrail = {
  name: 'effective_mode',
  // Not as a whole: a person's approval is what supervised asks for, and observe allows nobody to act from here.
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
          ? 'acting needs a person’s approval'
          : `acting needs at least ${LABELS.response}=supervised`),
    );
  },
};
