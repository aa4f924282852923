import { SOURCES } from '../sources';

/** The source of our own alerts: a quarantine needs a person's review. */
const REVIEW = { id: 'review', label: 'Quarantine Review' } as const;

const ALL = [...SOURCES, REVIEW] as const;

/** Where an alert came from. */
export type AlertSource = (typeof ALL)[number]['id'];
export const ALERT_SOURCES: readonly AlertSource[] = ALL.map(({ id }) => id);

/** What people call a source. */
export function labelOf(source: AlertSource): string {
  return ALL.find(({ id }) => id === source)?.label ?? source;
}
