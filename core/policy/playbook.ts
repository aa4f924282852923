import type { Alert } from '../incident/alert';
import { isAtLeast } from '../incident/priority';
import type { Proposal } from '../incident/decision';
import { FURTHER_RULES } from './furtherRules';
import { BY_REPORT, BY_RULE, BY_TAG, FALLBACK } from './playbookEntries';
import { type PlaybookEntry, review } from './playbookEntry';
import { acts } from './strength';

/** The maturity at which Falco calls a rule ready for production; it is a tag like any other. */
const MATURITY = 'maturity_';
const READY = `${MATURITY}stable`;

/**
 * The deterministic proposal: by rule, then by MITRE tag if the alert is at least a warning, else escalate to a person.
 * It reads nothing that an attacker in the pod can write.
 */
export function playbook(alert: Alert): Proposal {
  const { decision, classification, confidence, reason } = entryFor(alert);
  return { decision, classification, confidence, reason };
}

/** Whether the playbook alone has something done to the alert's pod. */
export function actsByPlaybook(alert: Alert): boolean {
  return alert.trust === 'kernel' && alert.target !== null && acts(playbook(alert).decision);
}

/** The entry for one of Falco's rules by its name, if there is one. */
export function entryOfRule(rule: string): PlaybookEntry | undefined {
  return Object.hasOwn(BY_RULE, rule) ? BY_RULE[rule] : FURTHER_RULES.get(rule);
}

function entryFor(alert: Alert): PlaybookEntry {
  // Anyone may have given a report's rule its name, so Falco's entries do not apply to it.
  if (alert.source !== 'falco') return BY_REPORT.get(alert.rule) ?? FALLBACK;
  return entryOfRule(alert.rule) ?? byTag(alert);
}

function byTag({ priority, tags }: Alert): PlaybookEntry {
  const serious = priority !== 'unknown' && isAtLeast(priority, 'warning');
  const [, entry = FALLBACK] = (serious ? [...BY_TAG].find(([tag]) => tags.includes(tag)) : undefined) ?? [];
  const unready = tags.find((tag) => tag.startsWith(MATURITY) && tag !== READY);
  // A technique describes what an attack looks like, not that nothing harmless looks the same.
  return unready !== undefined && acts(entry.decision)
    ? review(`${entry.reason} Falco calls the rule ${unready}, not ready to act on without a person.`)
    : entry;
}
