import type { Alert } from '../incident/alert';
import { isAtLeast } from '../incident/priority';
import type { Proposal } from '../incident/decision';
import { FURTHER_RULES } from './furtherRules';
import { BY_REPORT, BY_RULE, BY_TAG, FALLBACK } from './playbookEntries';
import { type PlaybookEntry, review } from './playbookEntry';
import { acts } from './strength';

/** The maturity of which Falco says that a rule is ready for production; it is a tag like any other. */
const MATURITY = 'maturity_';
const READY = `${MATURITY}stable`;

/**
 * The deterministic proposal: by rule, then by MITRE tag if the alert is at least a warning, else a person's. It looks at
 * nothing that whoever runs in the pod could write.
 */
export function playbook(alert: Alert): Proposal {
  // A report's rule is a name that anyone may have given it, so that Falco's entries do not speak for it.
  if (alert.source !== 'falco') return { ...(BY_REPORT.get(alert.rule) ?? FALLBACK) };
  if (Object.hasOwn(BY_RULE, alert.rule)) return { ...(BY_RULE[alert.rule] ?? FALLBACK) };
  return { ...(FURTHER_RULES.get(alert.rule) ?? byTag(alert)) };
}

function byTag({ priority, tags }: Alert): PlaybookEntry {
  const serious = priority !== 'unknown' && isAtLeast(priority, 'warning');
  const [, entry = FALLBACK] = (serious ? [...BY_TAG].find(([tag]) => tags.includes(tag)) : undefined) ?? [];
  const unready = tags.find((tag) => tag.startsWith(MATURITY) && tag !== READY);
  // A technique says what an attack would look like, not that nothing harmless looks the same.
  return unready !== undefined && acts(entry.decision)
    ? review(`${entry.reason} Falco calls the rule ${unready}, not ready to act on without a person.`)
    : entry;
}
