/** More than any input of a model: a pod's annotations have at most 256 KiB, an alert's fields as much. */
const LONGEST_SHOWN = 1024 * 1024;
/** Characters of each member that are compared, so that the comparison stays cheap for any text. */
const COMPARED = 256;

/**
 * A text normalised for comparison: without quotes, backslashes, white space, invisible characters and capitals,
 * escapes decoded. An object then looks the same in a shell argument, in JSON inside JSON, or indented.
 */
function bare(text: string): string {
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

/** The model's input, ready to be searched; null when it is too large to search. */
export function searchable(shown: unknown): string | null {
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > LONGEST_SHOWN ? null : bare(text);
}

/**
 * Whether each text member of an object occurs in the model's input, in one place or in several. The object is then a
 * quotation, and its author would have given the answer. Numbers are not compared, because one changed digit must not
 * turn a quotation into the model's own answer.
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
