import { findSecrets } from './find';
import { looksLikeSecret } from './secretName';
import { MARKER, settled } from './settle';

/** Too short for a token, with nothing that sets a name apart from a value: most fields of an alert, and their names. */
const PLAIN_WORD = /^[\w.[\]-]{0,15}$/;

/** What is masked ends what stood beside it, so that another match may appear. Three rounds are rare, and this is the end. */
export const ROUNDS = 8;

/** Names whose value is masked as what follows them in a text: `Bearer TOKEN` keeps its first word. */
const HEADER = /(?:^|[-.])(?:authorization|cookie)$/i;

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
