/** A text in another notation, and where each of its characters is in the original. */
export interface Rewritten {
  text: string;
  starts: number[];
  ends: number[];
}

const ARGUMENT = /[?&]command=([^&#\s"'`<>)\]}]*)/g;
const CHARACTER = /(?:%[0-9A-Fa-f]{2})+|[^%]|%/gu;

/**
 * The command line of a `kubectl exec`, whose request has each argument on its own and encoded:
 * `…/exec?command=mysql&command=-pSECRET`. Null for a text without one.
 */
export function queryCommand(original: string): Rewritten | null {
  const rewritten: Rewritten = { text: '', starts: [], ends: [] };
  for (const found of original.matchAll(ARGUMENT)) {
    const argument = found[1] ?? '';
    let at = found.index + found[0].length - argument.length;
    append(rewritten, ' ', at, at);
    for (const [raw] of argument.matchAll(CHARACTER)) {
      append(rewritten, decoded(raw), at, at + raw.length);
      at += raw.length;
    }
  }
  return rewritten.text === '' ? null : rewritten;
}

function append(to: Rewritten, text: string, start: number, end: number): void {
  to.text += text;
  to.starts.push(...Array<number>(text.length).fill(start));
  to.ends.push(...Array<number>(text.length).fill(end));
}

function decoded(raw: string): string {
  if (raw === '+') return ' ';
  if (!/^%[0-9A-Fa-f]{2}/.test(raw)) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
