import { escalate, type Guardrail } from './guardrail';

/** Nobody may act on, or wave through, what an alert does not name properly. */
export const unknownTarget: Guardrail = {
  name: 'unknown_target',
  liftedByApproval: false,
  check: ({ alert }) =>
    alert.target === null ? escalate(`the target is unknown: ${alert.targetProblem ?? 'not named'}`) : null,
};
