/** Something that can be chosen, and the words that describe it. */
interface Named {
  name: string;
  words: string;
}

/** Shorter words, such as "of" and "a", say nothing. */
const SHORTEST = 3;

/**
 * The name whose words have the most in common with `asked`, an identifier of any case, and of several the one with the
 * fewest words; null if none has any.
 */
export function nearest(asked: string, known: readonly Named[]): string | null {
  const wanted = wordsOf(asked);
  const [best] = known
    .map(({ name, words }) => ({ name, own: wordsOf(words) }))
    .map(({ name, own }) => ({ name, common: inCommon(wanted, own), count: own.length }))
    .filter(({ common }) => common > 0)
    .sort((one, other) => other.common - one.common || one.count - other.count);
  return best?.name ?? null;
}

function inCommon(wanted: readonly string[], known: readonly string[]): number {
  return wanted.filter((word) => known.some((other) => other.startsWith(word) || word.startsWith(other))).length;
}

/** `decide_approval` and `decideApproval` have the same words. */
function wordsOf(text: string): string[] {
  return (text.match(/[A-Z]?[a-z]+/g) ?? [])
    .map((word) => word.toLowerCase())
    .filter(({ length }) => length >= SHORTEST);
}
