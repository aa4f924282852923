import { parsePriority, type Priority } from '../incident/priority';

/** The severities of scanners and policy engines (CVSS names), mapped to Falco's priorities. */
const PRIORITIES: ReadonlyMap<string, Priority> = new Map([
  ['high', 'error'],
  ['medium', 'warning'],
  ['low', 'notice'],
]);

/** Reads a severity as a scanner writes it ("HIGH", "critical", "info"). */
export function parseSeverity(text: string): Priority {
  return PRIORITIES.get(text.trim().toLowerCase()) ?? parsePriority(text);
}
