import { isAtLeast } from '../../incident/priority';
import { configurationOf } from '../../incident/context';
import { escalate, type Guardrail } from './guardrail';

/** Applies when the administrator's settings were not read. */
const DEFAULT_FLOOR = 'warning';

/** Being ignored is the easiest goal for an attacker. */
export const ignoreFloor: Guardrail = {
  name: 'ignore_floor',
  liftedByApproval: true,
  liftedByException: true,
  check: ({ decision, alert, context }) => {
    const floor = configurationOf(context)?.ignoreBelow ?? DEFAULT_FLOOR;
    return decision === 'ignore' && isAtLeast(alert.priority, floor)
      ? escalate(`alerts of priority ${floor} and above are not ignored without a person`)
      : null;
  },
};
