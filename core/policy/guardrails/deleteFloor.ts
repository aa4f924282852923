import { isAtLeast } from '../../incident/priority';
import { configurationOf } from '../../incident/context';
import { type Guardrail } from './guardrail';

/** A deletion cannot be undone, so it needs an alert of sufficient priority. */
export const deleteFloor: Guardrail = {
  name: 'delete_floor',
  liftedByApproval: true,
  check: ({ decision, alert, context }) => {
    const floor = configurationOf(context)?.deleteFrom;
    if (decision !== 'delete_pod' || floor === undefined || isAtLeast(alert.priority, floor)) return null;
    return { ceiling: 'quarantine_pod', reason: `alerts below priority ${floor} delete nothing` };
  },
};
