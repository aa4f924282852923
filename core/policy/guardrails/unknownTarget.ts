import { escalate, type Guardrail } from './guardrail';

/** An alert that does not name its target properly is neither acted on nor ignored. */
export const unknownTarget: Guardrail = {
  name: 'unknown_target',
  liftedByApproval: false,
  check: ({ alert }) =>
    alert.target === null ? escalate(`the target is unknown: ${alert.targetProblem ?? 'not named'}`) : null,
};
