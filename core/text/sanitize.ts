import { endsMasked, maskNamed } from './masking/mask';

/**
 * Control characters, line breaks, bidirectional overrides and invisible characters:
 * all that lets a text look like something else in a log, a terminal or a browser.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Stands where a text was cut. */
const CUT = '[…]';

/** Makes deceptive characters visible as `\u{…}` and cuts the text at `limit` UTF-16 units. */
export function visible(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}${CUT}` : text;
  return cut.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A text that may be shown already, within `limit` UTF-16 units, whole characters only. */
export function brief(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - CUT.length).replace(/[\uD800-\uDBFF]$/, '')}${CUT}`;
}

/** Read beyond the limit, since what is masked takes less room than what stood there. */
const MARGIN = 4096;
/** No secret is longer, other than those that are recognised without their end. */
const LONGEST_SECRET = 2048;

/** How many characters of a text sanitize() reads, which is what it costs. */
export function charactersRead(length: number, limit: number): number {
  return Math.min(length, limit + MARGIN);
}

/**
 * A text from outside as it may be kept and shown: secrets masked, deceptive characters visible, cut at `limit`. A text
 * that has a name is masked whole if that is the name of a secret. No more than `most` characters are read.
 */
export function sanitize(text: string, limit: number, name = '', most = limit + MARGIN): string {
  return cut(text, { limit, name, most }, (masked) => visible(masked, limit));
}

/** The same for a text whose line breaks and tabs are part of it, for where they can do no harm. */
export function sanitizeLines(text: string, limit: number): string {
  return cut(text.replaceAll('\r\n', '\n'), { limit, name: '', most: limit + MARGIN }, (masked) =>
    masked.length > limit ? `${shownLines(masked.slice(0, limit))}${CUT}` : shownLines(masked),
  );
}

function shownLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : visible(part, part.length)))
    .join('');
}

interface Bounds {
  limit: number;
  name: string;
  most: number;
}

function cut(text: string, { limit, name, most }: Bounds, show: (masked: string) => string): string {
  const read = text.slice(0, Math.max(0, most));
  const masked = maskNamed(name, read);
  if (read.length === text.length) return show(masked);
  // A secret that the reading cut in half may not have been recognised: what is near that edge is not shown.
  const sure = endsMasked(masked) ? masked.length : Math.max(0, masked.length - LONGEST_SECRET);
  return `${show(masked.slice(0, Math.min(limit, sure)))}${CUT}`;
}
