import type { Alert } from '../alert/alert';
import { isAtLeast } from '../alert/priority';
import type { Proposal } from './decision';
import { BY_RULE, BY_TAG, FALLBACK } from './playbookEntries';

/**
 * The deterministic proposal: by rule, then by MITRE tag if the alert is at least a warning, else a person's. It looks at
 * nothing that whoever runs in the pod could write.
 */
export function playbook(alert: Alert): Proposal {
  if (Object.hasOwn(BY_RULE, alert.rule)) return { ...(BY_RULE[alert.rule] ?? FALLBACK) };
  const serious = alert.priority !== 'unknown' && isAtLeast(alert.priority, 'warning');
  const [, entry] = (serious ? [...BY_TAG].find(([tag]) => alert.tags.includes(tag)) : undefined) ?? [];
  return { ...(entry ?? FALLBACK) };
}
