import { type PlaceRule, PLACES, SHORT_VALUE, VALUE } from './placeRules';
import { isSecret, judgeName } from './secretName';
import type { Span } from './span';

export const PLACE_KINDS: readonly string[] = PLACES.map(({ kind }) => kind);

/** Secrets that are known by what stands before them. */
export function findPlaces(text: string): Span[] {
  return PLACES.flatMap((rule) => [...placesOf(rule, text)]);
}

function* placesOf({ kind, lead, value }: PlaceRule, text: string): Generator<Span> {
  lead.lastIndex = 0;
  for (let found = lead.exec(text); found !== null; found = lead.exec(text)) {
    const at = found.index + found[0].length;
    const name = found.groups?.name;
    const judged = name === undefined ? 'certain' : judgeName(name);
    const span = judged === 'harmless' ? null : valueAt(text, at, judged === 'certain' ? value : SHORT_VALUE);
    const secret = span !== null && (name === undefined || isSecret(name, text.slice(span.start, span.end)));
    if (secret) yield { ...span, kind };
    // What was read whole is not read again. A suspicious name's value is, for a setting inside it: it is short.
    lead.lastIndex = Math.max(span === null || (judged === 'suspicious' && !secret) ? at : span.end, found.index + 1);
  }
}

/** The value that begins at an index, without its quotes and without brackets that were opened before it. */
export function valueAt(text: string, index: number, value: RegExp = VALUE): { start: number; end: number } | null {
  value.lastIndex = index;
  const match = value.exec(text);
  const secret = match?.slice(1).find(Boolean);
  if (match === null || secret === undefined) return null;
  const end = index + match[0].length;
  const start = end - secret.length;
  // In quotes, or in a form of its own, a bracket is part of the secret.
  return { start, end: value === VALUE && start === index ? end - closing(secret) : end };
}

const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** How many brackets at a value's end close nothing in it. */
function closing(value: string): number {
  const opened = new Set(value.match(/[([{<]/g));
  let count = 0;
  while (count < value.length - 1) {
    const opening = BRACKETS[value.charAt(value.length - 1 - count)];
    if (opening === undefined || opened.has(opening)) break;
    count++;
  }
  return count;
}
