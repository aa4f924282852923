/** More than anything that is shown to a model: a pod's annotations have at most 256 KiB, an alert's fields as much. */
const LONGEST_SHOWN = 1024 * 1024;
/** Of each part that is compared, so that comparing stays cheap whatever the texts are. */
const COMPARED = 256;

/**
 * A text as it is compared: without quotes, backslashes, white space, invisible characters and capitals, escapes decoded.
 * An object reads the same then, whether it stands in a shell's argument, in JSON inside of JSON or indented.
 */
export function bare(text: string): string {
  return text
    .replace(/\\u([\da-f]{4})/gi, decoded)
    .replace(/\\u\{([\da-f]{1,6})\}/gi, decoded)
    .replace(/\\[nrtbf]/g, '')
    .replace(/[\s"'`\\\p{C}]+/gu, '')
    .toLowerCase();
}

function decoded(_escape: string, digits: string): string {
  const code = parseInt(digits, 16);
  return code > 0x10ffff ? '' : String.fromCodePoint(code);
}

/** What a model was shown, ready to be searched; null when there is more of it than can be. */
export function searchable(shown: unknown): string | null {
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > LONGEST_SHOWN ? null : bare(text);
}

/**
 * Whether each of an object's members that holds text stands in what the model was shown, in one place or in several:
 * then the object is a quotation, and whoever wrote it there would have answered. Numbers are not compared, since one more
 * digit must not make a quotation the model's own.
 */
export function isQuoted(object: Readonly<Record<string, unknown>>, shown: string): boolean {
  const members = Object.entries(object).filter(([, value]) => typeof value === 'string' || Array.isArray(value));
  return (
    members.length > 0 &&
    members.every(([key, value]) =>
      shown.includes(bare(JSON.stringify({ [key]: value }).slice(1, -1)).slice(0, COMPARED)),
    )
  );
}
