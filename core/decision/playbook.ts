import type { Alert } from '../alert/alert';
import { isAtLeast } from '../alert/priority';
import type { Proposal } from './decision';
import { BY_RULE, BY_TECHNIQUE, FALLBACK } from './playbookEntries';

/**
 * The deterministic proposal: by rule, then by MITRE technique if the alert is at least a warning, else a person's.
 * It looks at nothing that whoever runs in the pod could write.
 */
export function playbook(alert: Alert): Proposal {
  if (Object.hasOwn(BY_RULE, alert.rule)) return { ...(BY_RULE[alert.rule] ?? FALLBACK) };
  const technique = alert.tags.find((tag) => Object.hasOwn(BY_TECHNIQUE, tag));
  const clear = technique !== undefined && alert.priority !== 'unknown' && isAtLeast(alert.priority, 'warning');
  return { ...((clear ? BY_TECHNIQUE[technique] : undefined) ?? FALLBACK) };
}
