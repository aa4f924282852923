/** Falco's priorities, most severe first (falco.org, "Rules", priority levels). */
export const PRIORITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
] as const;

/** `unknown` means that this code does not know the priority. Such an alert is kept and escalates. */
export type Priority = (typeof PRIORITIES)[number] | 'unknown';

export const ALL_PRIORITIES: readonly Priority[] = [...PRIORITIES, 'unknown'];

/**
 * Falcosidekick's output to Alertmanager writes "information". A Map, because the text comes from the sender: an object
 * would also answer for `__proto__`.
 */
const ALIASES: ReadonlyMap<string, Priority> = new Map([
  ['info', 'informational'],
  ['information', 'informational'],
]);

/** Reads a priority as any source writes it ("Notice", "WARNING", "info"). */
export function parsePriority(text: string): Priority {
  const name = text.trim().toLowerCase();
  return PRIORITIES.find((known) => known === name) ?? ALIASES.get(name) ?? 'unknown';
}

/** Whether `priority` is as severe as `floor` or more so. An unknown priority counts as most severe. */
export function isAtLeast(priority: Priority, floor: Exclude<Priority, 'unknown'>): boolean {
  return priority === 'unknown' || PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(floor);
}

/** Whether one priority is more severe than another. An unknown priority counts as most severe. */
export function isMoreSevere(one: Priority, other: Priority): boolean {
  return bySeverity(one, other) < 0;
}

/** Compares two priorities for a list: the most severe comes first. */
export function bySeverity(one: Priority, other: Priority): number {
  return rank(one) - rank(other);
}

function rank(priority: Priority): number {
  return priority === 'unknown' ? -1 : PRIORITIES.indexOf(priority);
}
