import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** What an alert says of a pod an hour ago may no longer be so, and a person may have acted since. */
export const lateAlert: Guardrail = {
  name: 'late_alert',
  liftedByApproval: true,
  check: ({ decision, alert: { late } }) =>
    acts(decision) && late?.acts === false
      ? escalate('the alert comes too late to be acted on without a person')
      : null,
};
