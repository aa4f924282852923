import type { Alert } from '../../incident/alert';
import type { FoundContext } from '../../incident/context';
import { isAtLeast } from '../../incident/priority';
import { meansEscape } from '../escapes';
import { strongest } from '../playbook';
import { applyPolicy } from '../policy';
import { acts } from '../strength';
import { wantsContainFirst } from '../wantsContainFirst';

/**
 * Why no exception counts for an alert, whatever is known of its pod; or null. An exception ends what a person would
 * have been asked; it never keeps from being done what the playbook does by itself.
 */
export function floorOfAlert(alert: Alert): string | null {
  if (alert.source !== 'falco' || alert.trust !== 'kernel')
    return 'the alert is a report, which anyone may have written';
  if (alert.target?.podUid == null) return "the alert does not say its pod's uid";
  if (alert.priority === 'unknown') return 'the priority is not known';
  const own = strongest(alert);
  if (acts(own)) return `the playbook answers such alerts with ${own}`;
  return meansEscape(alert) ? 'the rule means that code may have reached the node' : null;
}

/** Why no exception counts for an alert of this priority by the administrator's settings, or null. */
export function floorOfPriority({ priority }: Alert, { policy }: FoundContext): string | null {
  if (policy.status !== 'read') return 'the ResponsePolicy could not be read';
  const { exceptionsBelow } = policy.configuration;
  return isAtLeast(priority, exceptionsBelow)
    ? `alerts of priority ${exceptionsBelow} and above are never ended by an exception`
    : null;
}

/** Why no exception counts for an alert about this pod, or null. */
export function exceptionFloor(alert: Alert, context: FoundContext): string | null {
  const known = floorOfAlert(alert);
  if (known !== null) return known;
  if (alert.target?.podUid !== context.pod.uid) return "the pod is not the alert's";
  const priority = floorOfPriority(alert, context);
  if (priority !== null) return priority;
  if (wantsContainFirst(alert, context)) return 'the pod is contained before the analysis';
  const { decision, guardrails } = applyPolicy({
    decision: 'ignore',
    confidence: 1,
    alert,
    context,
    mode: 'observe',
    approved: false,
    excepted: true,
  });
  return decision === 'ignore' ? null : guardrails.map(({ guardrail, reason }) => `${guardrail}: ${reason}`).join('; ');
}
