import { endsMasked, maskNamed } from './masking/mask';

/**
 * Control characters, line breaks, bidirectional overrides and invisible characters: everything that can make a text
 * look like something else in a log, a terminal or a browser.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Marks where a text was cut. */
const CUT = '[…]';

/** Makes deceptive characters visible as `\u{…}` and cuts the text at `limit` UTF-16 units. */
export function visible(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}${CUT}` : text;
  return cut.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Shortens a text that is already safe to show to `limit` UTF-16 units, whole characters only. */
export function brief(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - CUT.length).replace(/[\uD800-\uDBFF]$/, '')}${CUT}`;
}

/** Read beyond the limit, because a mask is shorter than the secret it replaces. */
const MARGIN = 4096;
/** No secret is longer, except those that are recognised without their end. */
const LONGEST_SECRET = 2048;

/** How many characters of a text sanitize() reads, which determines its cost. */
export function charactersRead(length: number, limit: number): number {
  return Math.min(length, limit + MARGIN);
}

/**
 * Makes an untrusted text safe to store and show: secrets masked, deceptive characters visible, cut at `limit`. The
 * text is masked completely if `name` is that of a secret. At most `most` characters are read.
 */
export function sanitize(text: string, limit: number, name = '', most = limit + MARGIN): string {
  return cut(text, { limit, name, most }, (masked) => visible(masked, limit));
}

/** The same for a text with line breaks and tabs, for places where they can do no harm. */
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
  // A secret that the limit of reading cut may not be recognised: the text near that edge is not shown.
  const sure = endsMasked(masked) ? masked.length : Math.max(0, masked.length - LONGEST_SECRET);
  return `${show(masked.slice(0, Math.min(limit, sure)))}${CUT}`;
}
