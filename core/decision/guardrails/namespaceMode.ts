import { LABELS } from '../../names';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** Namespaces opt in; what is not labelled is only observed. */
export const namespaceMode: Guardrail = {
  name: 'namespace_mode',
  check: ({ decision, context }) => {
    if (!acts(decision) || context?.status !== 'found' || context.namespace.mode === 'autonomous') return null;
    return escalate(
      `namespace ${context.namespace.name} is in mode ${context.namespace.mode}; acting needs ${LABELS.response}=autonomous`,
    );
  },
};
