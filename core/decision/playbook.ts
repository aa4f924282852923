import type { Alert } from '../alert/alert';
import { isAtLeast } from '../alert/priority';
import type { Proposal } from './decision';
import { BY_REPORT, BY_RULE, BY_TAG, FALLBACK } from './playbookEntries';

/**
 * The deterministic proposal: by rule, then by MITRE tag if the alert is at least a warning, else a person's. It looks at
 * nothing that whoever runs in the pod could write.
 */
export function playbook(alert: Alert): Proposal {
  // A report's rule is a name that anyone may have given it, so that Falco's entries do not speak for it.
  if (alert.source !== 'falco') return { ...(BY_REPORT.get(alert.rule) ?? FALLBACK) };
  if (Object.hasOwn(BY_RULE, alert.rule)) return { ...(BY_RULE[alert.rule] ?? FALLBACK) };
  const serious = alert.priority !== 'unknown' && isAtLeast(alert.priority, 'warning');
  const [, entry] = (serious ? [...BY_TAG].find(([tag]) => alert.tags.includes(tag)) : undefined) ?? [];
  return { ...(entry ?? FALLBACK) };
}
