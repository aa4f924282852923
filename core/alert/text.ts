/**
 * Control characters, line breaks, bidirectional overrides and invisible characters:
 * all that lets a text look like something else in a log, a terminal or a browser.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Makes deceptive characters visible as `\u{…}` and cuts the text at `limit` UTF-16 units. */
export function visible(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}[…]` : text;
  return cut.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
