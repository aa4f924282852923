import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** The target of a report can be written by a tenant; only what the kernel saw may act. */
export const sourceTrust: Guardrail = {
  name: 'source_trust',
  liftedByApproval: true,
  check: ({ decision, alert }) =>
    acts(decision) && alert.trust !== 'kernel'
      ? escalate('the alert came as a report, whose target anyone may have written')
      : null,
};
