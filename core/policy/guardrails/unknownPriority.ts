import { escalate, type Guardrail } from './guardrail';

/** A priority that no source documents means that the alert was changed on the way or comes from something unknown. */
export const unknownPriority: Guardrail = {
  name: 'unknown_priority',
  liftedByApproval: true,
  check: ({ alert }) => (alert.priority === 'unknown' ? escalate("the alert's priority is not one of Falco's") : null),
};
