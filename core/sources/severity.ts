/** The severities of scanners and policy engines (CVSS names), as Falco's priorities. */
const PRIORITIES: ReadonlyMap<string, string> = new Map([
  ['high', 'error'],
  ['medium', 'warning'],
  ['low', 'notice'],
]);

/** A severity as a scanner writes it ("HIGH", "critical", "info"), in Falco's words. */
export function priorityOfSeverity(text: string): string {
  return PRIORITIES.get(text.trim().toLowerCase()) ?? text;
}
