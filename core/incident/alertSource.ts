import { SOURCES } from '../sources';
import { SENDER_TRUST, type TrustClass } from '../sources/senders';

/** The source of our own alerts: a quarantine needs a person's review. */
const REVIEW = { id: 'review', label: 'Quarantine Review', noun: 'Review' } as const;

const ALL = [...SOURCES, REVIEW] as const;

/** Where an alert came from. */
export type AlertSource = (typeof ALL)[number]['id'];
export const ALERT_SOURCES: readonly AlertSource[] = ALL.map(({ id }) => id);

/** What people call a source, and one of its alerts. */
export function namesOf(source: AlertSource): { label: string; noun: string } {
  const found = ALL.find(({ id }) => id === source);
  if (found === undefined) throw new TypeError(`there is no source ${source}`);
  return found;
}

/** How far alerts of a source are trusted, which follows from whose secret they come with. Our own are trusted. */
export function trustOf(source: AlertSource): TrustClass {
  const found = SOURCES.find(({ id }) => id === source);
  return found === undefined ? 'kernel' : SENDER_TRUST[found.sender];
}
