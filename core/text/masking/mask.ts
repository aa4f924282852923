import { findSecrets } from './find';
import { looksLikeSecret } from './secretName';
import { MARKER, settled } from './settle';

/**
 * Too short for a token and without a separator between a name and a value: most fields of an alert, and their names.
 */
const PLAIN_WORD = /^[\w.[\]-]{0,15}$/;

/** A mask changes the surrounding text, so another match may appear. Three rounds are rare; this is the maximum. */
export const ROUNDS = 8;

/** Names whose value is masked like text after them: `Bearer TOKEN` keeps its first word. */
const HEADER = /(?:^|[-.])(?:authorization|cookie)$/i;

/** Replaces every secret that is found by `[masked: kind]`. Masking a masked text again changes nothing. */
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

/** Whether a text ends with a mask. */
export function endsMasked(text: string): boolean {
  return [...text.matchAll(MARKER)].at(-1)?.[0] === text.slice(text.lastIndexOf('['));
}

/** Masks a named value: completely if the name is that of a secret, else like any other text. */
export function maskNamed(name: string, value: string): string {
  if (looksLikeSecret(name, value)) return marker('secret');
  if (!HEADER.test(name)) return mask(value);
  const header = `${name}: `;
  return mask(header + value).slice(header.length);
}

export function marker(kind: string): string {
  return `[masked: ${kind}]`;
}

function maskOnce(text: string): string {
  let masked = '';
  let from = 0;
  for (const { start, end, kind } of settled(findSecrets(text), text)) {
    masked += text.slice(from, start) + marker(kind);
    from = end;
  }
  return masked + text.slice(from);
}
