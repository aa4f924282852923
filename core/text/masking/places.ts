import type { PlaceRule } from './placeRule';
import { PLACES, SHORT_VALUE, VALUE } from './placeRules';
import { isSecretBy, judgeName } from './secretName';
import { judgeSetting, namesObject, pathEnd } from './setting';
import type { Span } from './span';

export const PLACE_KINDS: readonly string[] = PLACES.map(({ kind }) => kind);

/** Secrets that are recognised by the text before them. */
export function findPlaces(text: string): Span[] {
  return PLACES.flatMap((rule) => [...(rule.named !== undefined ? settingsOf(rule, text) : placesOf(rule, text))]);
}

function* placesOf({ kind, lead, value }: PlaceRule, text: string): Generator<Span> {
  lead.lastIndex = 0;
  for (let found = lead.exec(text); found !== null; found = lead.exec(text)) {
    const at = found.index + found[0].length;
    const span = valueAt(text, at, value);
    if (span !== null) yield { ...span, kind };
    // A completely read part is not read again.
    lead.lastIndex = Math.max(span?.end ?? at, found.index + 1);
  }
}

/** For a rule whose lead contains the name of the value. */
function* settingsOf({ kind, lead, value, named }: PlaceRule, text: string): Generator<Span> {
  lead.lastIndex = 0;
  for (let found = lead.exec(text); found !== null; found = lead.exec(text)) {
    const at = found.index + found[0].length;
    const name = found.groups?.name ?? '';
    const judged = named === 'setting' ? judgeSetting({ text, start: found.index, name, at }) : judgeName(name);
    const path = judged === 'harmless' ? at : pathEnd(text, at);
    const span = path === null ? valueAt(text, at, judged === 'suspicious' ? SHORT_VALUE : value) : null;
    const secret =
      span !== null && isSecretBy(judged, name, text.slice(span.start, span.end)) && !namesObject(text, name, span);
    if (secret) yield { ...span, kind };
    // A completely read part is not read again. The value of a suspicious name is short, so it is searched for a nested
    // setting.
    lead.lastIndex = Math.max(
      path ?? (span === null || (judged === 'suspicious' && !secret) ? at : span.end),
      found.index + 1,
    );
  }
}

/** The value at an index, without its quotes and without brackets that were opened before it. */
export function valueAt(text: string, index: number, value: RegExp = VALUE): { start: number; end: number } | null {
  value.lastIndex = index;
  const match = value.exec(text);
  const secret = match?.slice(1).find(Boolean);
  if (match === null || secret === undefined) return null;
  const end = index + match[0].length;
  const start = end - secret.length;
  // In quotes, or in a format of its own, a bracket is part of the secret.
  return { start, end: value === VALUE && start === index ? end - closing(secret) : end };
}

const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** How many brackets at a value's end have no opening bracket in it. */
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
