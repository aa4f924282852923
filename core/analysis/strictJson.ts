/** How deep objects and lists may be nested. An answer has two levels; recursive functions can handle far more. */
const DEEPEST = 32;

/** Why a text has no object at an index. `cut_off`: the text ends before the object does. */
export type Fault = 'syntax' | 'cut_off' | 'duplicate_key' | 'too_deep';

/** `end` is the index after the closing brace; `at` is how far the text was read. */
type ObjectReading = { end: number; at: number; fault: null } | { end: null; at: number; fault: Fault };

type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma';

const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Reads the JSON object that begins at `from`, in time linear to its length and without recursion. Stricter than
 * JSON.parse in two respects: no key may occur twice in an object, since JSON.parse would silently keep the last one
 * (RFC 8259 section 4), and nesting is limited.
 * @param longest characters after which the object counts as cut off
 */
export function readObject(text: string, from: number, longest: number): ObjectReading {
  /** What is open: the keys of an object so far, or null for a list. */
  const open: (Set<string> | null)[] = [];
  const limit = Math.min(text.length, from + longest);
  let expected: Expected = 'value';
  let at = from;
  const failed = (fault: Fault): ObjectReading => ({ end: null, at, fault });
  if (text.charAt(from) !== '{') return failed('syntax');
  for (;;) {
    while (at < limit && isSpace(text.charCodeAt(at))) at++;
    if (at >= limit) return failed('cut_off');
    const character = text.charAt(at);
    const top = open.at(-1);
    if (character === '}' || character === ']') {
      const mayClose = expected === 'comma' || expected === (character === '}' ? 'first key' : 'first value');
      if (!mayClose || (character === '}') !== top instanceof Set) return failed('syntax');
      open.pop();
      at++;
      if (open.length === 0) return { end: at, at, fault: null };
      expected = 'comma';
    } else if (expected === 'comma' || expected === 'colon') {
      if (character !== (expected === 'comma' ? ',' : ':')) return failed('syntax');
      expected = expected === 'comma' && top instanceof Set ? 'key' : 'value';
      at++;
    } else if (character === '"') {
      const end = endOfString(text, at, limit);
      if (end === null) return failed('syntax');
      if (end > limit) return { end: null, at: limit, fault: 'cut_off' };
      if (expected === 'key' || expected === 'first key') {
        const key = decoded(text.slice(at, end));
        if (top?.has(key) === true) return failed('duplicate_key');
        top?.add(key);
        expected = 'colon';
      } else expected = 'comma';
      at = end;
    } else if (expected === 'key' || expected === 'first key') return failed('syntax');
    else if (character === '{' || character === '[') {
      if (open.length === DEEPEST) return failed('too_deep');
      open.push(character === '{' ? new Set() : null);
      expected = character === '{' ? 'first key' : 'first value';
      at++;
    } else {
      NUMBER_OR_WORD.lastIndex = at;
      if (!NUMBER_OR_WORD.test(text)) return failed('syntax');
      at = NUMBER_OR_WORD.lastIndex;
      expected = 'comma';
    }
  }
}

/**
 * The index after a string's closing quote; beyond `limit` when it is not closed before, null when it is not valid
 * JSON.
 */
function endOfString(text: string, from: number, limit: number): number | null {
  for (let at = from + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return null;
    if (code === 0x5c && ++at < limit && !isEscape(text, at)) return null;
  }
  return limit + 1;
}

/** Whether an escape's character, and the digits of \u, are valid JSON. An escape that is cut off may be valid. */
function isEscape(text: string, at: number): boolean {
  const rest = text.slice(at, at + 5);
  return /^["\\/bfnrt]/.test(rest) || /^u[\da-fA-F]{4}$/.test(rest) || (rest.length < 5 && /^u[\da-fA-F]*$/.test(rest));
}

/** Two keys are the same if their texts are, however they are escaped. */
function decoded(key: string): string {
  return key.includes('\\') ? String(JSON.parse(key)) : key.slice(1, -1);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
