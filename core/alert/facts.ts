import type { Alert, Scalar } from '../incident/alert';
import { namesOf } from '../incident/alertSource';
import { readFalcoOutput } from './falcoOutput';
import { FACT_ROWS, type FactRow, NO_FACTS, PREFIX } from './factRows';
import { brief } from '../text/sanitize';

/** How many facts of an alert are shown to people, and how long they are, in UTF-16 units. */
export const FACT_LIMITS = { facts: 12, name: 64, value: 400, said: 1000 } as const;

/**
 * A fact for a person's decision. Masked and visible, because the alert's fields are; plain text: escape it for its
 * destination.
 */
export interface Fact {
  name: string;
  value: string;
}

/**
 * The few facts for a person's decision, the most important first: the alert's text, then its fields by `FACT_ROWS`,
 * then fields that are in no row, in the source's order. The last fact names the source.
 */
export function factsOf(alert: Pick<Alert, 'source' | 'trust' | 'output' | 'fields' | 'late'>): Fact[] {
  const { fields } = alert;
  const taken = new Set<string>();
  const known = FACT_ROWS.flatMap((row) => factOf(row, fields, taken));
  const most = FACT_LIMITS.facts - 1;
  const first = [...said(alert, known.length > 0), ...known].slice(0, most);
  return [...first, ...others(fields, taken, most - first.length), origin(alert)];
}

function said({ source, output }: Pick<Alert, 'source' | 'output'>, hasFacts: boolean): Fact[] {
  const falco = source === 'falco' ? readFalcoOutput(output) : null;
  const sentence = hasFacts ? falco?.sentence : null;
  const value = brief((sentence ?? falco?.whole ?? output).trim(), FACT_LIMITS.said);
  return value === '' ? [] : [{ name: 'Alert', value }];
}

/** A source that only forwards reports has not observed the event itself. */
function origin({ source, trust, fields, late }: Pick<Alert, 'source' | 'trust' | 'fields' | 'late'>): Fact {
  const { label } = namesOf(source);
  const [engine, host] = [textOf(fields.source ?? fields.engine), textOf(fields.hostname)];
  const value = `${label}${engine === null || engine === label.toLowerCase() ? '' : ` (${engine})`}${host === null ? '' : ` on ${host}`}`;
  const missed = late?.why === 'missed' ? '; found in Loki later, it never reached n8n' : '';
  return { name: trust === 'kernel' ? 'Seen by' : 'Reported by', value: `${brief(value, FACT_LIMITS.value)}${missed}` };
}

function factOf({ name, parts, join = ' ', when }: FactRow, fields: Alert['fields'], taken: Set<string>): Fact[] {
  const found = parts.flatMap((names) => {
    const field = names.find((one) => !taken.has(one) && textOf(fields[one]) !== null);
    return field === undefined ? [] : [{ field, text: textOf(fields[field]) ?? '' }];
  });
  const value = found.map(({ text }) => text).join(join);
  if (value === '' || when?.test(value) === false) return [];
  for (const { field } of found) taken.add(field);
  return [{ name, value: brief(value, FACT_LIMITS.value) }];
}

/** The first fields that are in no row; the sender chose how many there are. */
function others(fields: Alert['fields'], taken: ReadonlySet<string>, most: number): Fact[] {
  const facts: Fact[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (facts.length >= most) break;
    const text = textOf(value);
    if (text === null || taken.has(field) || NO_FACTS.some((pattern) => pattern.test(field))) continue;
    const name = brief(field.replace(PREFIX, ''), FACT_LIMITS.name);
    if (name !== '') facts.push({ name, value: brief(text, FACT_LIMITS.value) });
  }
  return facts;
}

/** Falco writes a missing field as null, "" or "<NA>". */
function textOf(value: Scalar | undefined): string | null {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' || text === '<NA>' ? null : text;
}
