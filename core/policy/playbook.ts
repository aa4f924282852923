import type { Alert } from '../incident/alert';
import { isAtLeast } from '../incident/priority';
import type { TargetContext } from '../incident/context';
import type { Decision, Proposal } from '../incident/decision';
import type { PodFacts } from '../incident/podFacts';
import { acts, level } from './strength';
import { capped } from './table/caps';
import { type PlaybookEntry, review } from './table/entry';
import { FALCO_TABLE, REPORT_TABLE } from './table';
import { MINOR_REPORTS } from './table/reports';
import { raised } from './table/raise';
import { firstAnswer } from './table/row';
import { BY_TAG, FALLBACK } from './table/tags';

/** The maturity at which Falco calls a rule ready for production; it is a tag like any other. */
const MATURITY = 'maturity_';
const READY = `${MATURITY}stable`;

/**
 * The deterministic proposal: by the rule and the pod's facts, for a rule without rows by MITRE tag if the alert is at
 * least a warning, else escalate to a person. What an attacker in the pod can write makes it stronger, and never weaker.
 * Without facts it is the answer for an attack.
 */
export function playbook(alert: Alert, context?: TargetContext): Proposal {
  const { decision, classification, confidence, reason } = answerTo(alert, context);
  return { decision, classification, confidence, reason };
}

/** As `playbook`, with whether the pod is contained first. */
export function answerTo(alert: Alert, context?: TargetContext): PlaybookEntry {
  const facts = context?.status === 'found' ? context.facts : undefined;
  return raised(capped(entryFor(alert, facts), facts), alert, facts);
}

/**
 * The strongest proposal that an alert can lead to, whatever the facts about its pod are. For what has to be known before any
 * fact is, and for what facts must not weaken.
 */
export function strongest(alert: Alert): Decision {
  return [answerTo(alert).decision, ...answersOfRows(alert)].reduce((one, other) =>
    level(other) > level(one) ? other : one,
  );
}

/** Whether the playbook alone may have something done to the alert's pod, once its facts are known. */
export function actsByPlaybook(alert: Alert): boolean {
  if (alert.trust !== 'kernel' || alert.target === null) return false;
  // Asked at each step of an alert: its texts are searched only where its rows do not tell.
  return answersOfRows(alert).some(acts) || acts(answerTo(alert).decision);
}

function answersOfRows({ source, rule }: Alert): Decision[] {
  const rows = source === 'falco' ? (FALCO_TABLE.get(rule) ?? []) : [];
  return rows.map(([, , { decision }]) => decision);
}

function entryFor(alert: Alert, facts: PodFacts | undefined): PlaybookEntry {
  // Anyone may have given a report's rule its name, so Falco's rows do not apply to it.
  if (alert.source !== 'falco') return reported(alert, facts);
  return firstAnswer(FALCO_TABLE, alert.rule, facts) ?? byTag(alert);
}

function reported({ rule, priority }: Alert, facts: PodFacts | undefined): PlaybookEntry {
  const isMinor = priority !== 'unknown' && !isAtLeast(priority, 'warning');
  return (isMinor ? MINOR_REPORTS.get(rule) : undefined) ?? firstAnswer(REPORT_TABLE, rule, facts) ?? FALLBACK;
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
