import { isAtLeast } from '../../alert/priority';
import { escalate, type Guardrail } from './guardrail';

/** From this priority on, an alert is not waved through without a person. */
const FLOOR = 'warning';

/** The cheapest wish of an attacker is to be ignored. */
export const ignoreFloor: Guardrail = {
  name: 'ignore_floor',
  check: ({ decision, alert }) =>
    decision === 'ignore' && isAtLeast(alert.priority, FLOOR)
      ? escalate(`alerts of priority ${FLOOR} and above are not ignored without a person`)
      : null,
};
