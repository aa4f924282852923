import { COMMAND_KIND, findOptions } from './commandOptions';
import { findPlaces, PLACE_KINDS } from './places';
import { isSecret } from './secretName';
import type { Span } from './span';
import { findTokens, TOKEN_KINDS } from './tokenFormats';

/** In order of precedence: where two matches overlap, the first names what stood there. */
const KINDS = [...TOKEN_KINDS, ...PLACE_KINDS, COMMAND_KIND];

/** What already stands for a secret. Only with a kind of ours, so that nothing can hide inside one. */
const MARKER = new RegExp(String.raw`\[masked: (?:${[...new Set(KINDS)].join('|')})\]`, 'g');

/** Stands for the kind of a marker that was there before. */
const KNOWN = '';

/** Characters that are not seen and so can split a secret. Line breaks and tabs are seen, and end one. */
const UNSEEN = /(?![\t\n\v\f\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

/** Too short for a token, with nothing that sets a name apart from a value: most fields of an alert, and their names. */
const PLAIN_WORD = /^[\w.[\]-]{0,15}$/;

/** What is masked ends what stood beside it, so that another match may appear. Three rounds are rare, and this is the end. */
const ROUNDS = 8;

/** The text with `[masked: kind]` in place of every secret that is found. Masking a masked text changes nothing. */
export function mask(text: string): string {
  if (PLAIN_WORD.test(text)) return text;
  let masked = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = maskOnce(masked);
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

/** Whether the last thing in a text is a mask. */
export function endsMasked(text: string): boolean {
  return [...text.matchAll(MARKER)].at(-1)?.[0] === text.slice(text.lastIndexOf('['));
}

/** What a name holds: masked whole when the name says that it is a secret, else as any text. */
export function maskNamed(name: string, value: string): string {
  return isSecret(name, value) ? marker('secret') : mask(value);
}

/** A container's environment (Kubernetes' `env`). Values that come from elsewhere are references, and stay. */
export function maskEnvironment<Entry extends { name: string; value?: string }>(
  environment: readonly Entry[],
): Entry[] {
  return environment.map((entry) =>
    entry.value === undefined ? entry : { ...entry, value: maskNamed(entry.name, entry.value) },
  );
}

function marker(kind: string): string {
  return `[masked: ${kind}]`;
}

function maskOnce(text: string): string {
  const spans = settled([...find(text), ...findSplit(text)], text);
  let masked = '';
  let from = 0;
  for (const { start, end, kind } of spans) {
    masked += text.slice(from, start) + marker(kind);
    from = end;
  }
  return masked + text.slice(from);
}

function find(text: string): Span[] {
  return [...findTokens(text), ...findPlaces(text), ...findOptions(text)];
}

/** Secrets that are whole once unseen characters are taken out. */
function findSplit(text: string): Span[] {
  if (!UNSEEN.test(text)) return [];
  const places: number[] = [];
  let seen = '';
  let index = 0;
  for (const character of text) {
    if (!UNSEEN.test(character)) {
      seen += character;
      for (let unit = 0; unit < character.length; unit++) places.push(index + unit);
    }
    index += character.length;
  }
  return find(seen).map(({ start, end, kind }) => ({
    start: places[start] ?? text.length,
    end: (places[end - 1] ?? text.length - 1) + 1,
    kind,
  }));
}

/** What a span and everything that overlaps it, known markers too, becomes: one span. */
interface Group extends Span {
  /** A marker that stands there already, if it is all there is. */
  marker: { start: number; end: number } | null;
}

function settled(spans: readonly Span[], text: string): Span[] {
  const markers = [...text.matchAll(MARKER)].map(({ 0: { length }, index }) => ({ start: index, end: index + length }));
  const parts: Group[] = [
    ...markers.map((marker) => ({ ...marker, kind: KNOWN, marker })),
    ...spans.map((span) => ({ ...span, marker: null })),
  ];
  const groups: Group[] = [];
  for (const part of parts.sort((a, b) => a.start - b.start)) {
    const last = groups.at(-1);
    if (last === undefined || part.start >= last.end) groups.push({ ...part });
    else join(last, part);
  }
  return groups.filter(({ start, end, marker }) => marker === null || marker.start !== start || marker.end !== end);
}

function join(group: Group, part: Group): void {
  group.end = Math.max(group.end, part.end);
  group.marker ??= part.marker;
  if (rank(part.kind) < rank(group.kind)) group.kind = part.kind;
}

function rank(kind: string): number {
  return kind === KNOWN ? KINDS.length : KINDS.indexOf(kind);
}
