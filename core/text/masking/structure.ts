import { maskArguments } from './argumentList';
import { marker, mask, maskNamed } from './mask';
import { looksLikeSecret, judgeName } from './secretName';

/** How much is read, in UTF-16 units; the rest is left out, and that is shown. */
export interface Bounds {
  /** Limit of one text. */
  text: number;
  /** Limit of all texts together. */
  all: number;
}

/** Yields the number of units read after each text, so that the caller can do other work in between. */
export type Masking<Result> = Generator<number, Result>;

/** Nobody nests deeper by hand; JSON's own parser accepts more levels than its writer. */
const DEPTH = 64;

/** Read beyond a text's limit, so that a secret at the limit is still complete when it is matched. */
const MARGIN = 2048;

/** A longer text is not parsed as JSON: all of an object's Kubernetes annotations together are not longer. */
const JSON_LIMIT = 256 * 1024;

/** Keys that do not describe their value: the enclosing name does, if it is a secret's. */
const SAYS_NOTHING = /^(?:values?|data|text|content|contents|default|string|plain|plainText)$/;

/**
 * Masks the secrets of an API object, entry by entry: by the names of keys, in pairs of a name and a value, in lists of
 * arguments as one command line, and in texts that are JSON themselves. Everything else is unchanged, except that
 * `managedFields` is removed.
 */
export function* masking(value: unknown, bounds: Bounds): Masking<unknown> {
  return yield* new Structure(bounds).masked(value, '', 0);
}

class Structure {
  private left: number;

  constructor(private readonly bounds: Bounds) {
    this.left = bounds.all;
  }

  *masked(value: unknown, name: string, depth: number): Masking<unknown> {
    if (typeof value === 'string') return yield* this.text(value, name, depth);
    if (typeof value === 'number') return looksLikeSecret(name, String(value)) ? marker('secret') : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEPTH) return '[… nested too deep to be kept]';
    if (value instanceof Date) return value.toJSON();
    if (Array.isArray(value)) return yield* this.list(value, name, depth);
    return yield* this.object(value as Record<string, unknown>, name, depth);
  }

  /** A text may be JSON, such as an annotation with a whole manifest. */
  private *text(text: string, name: string, depth: number): Masking<string> {
    const parsed = depth < DEPTH && !looksLikeSecret(name, text) ? parsedJson(text) : null;
    if (parsed !== null) return JSON.stringify(yield* this.masked(parsed, name, depth + 1));
    const { kept, rest } = this.read(text);
    const masked = maskNamed(name, kept);
    yield kept.length;
    return rest === 0 ? masked : cut(masked, rest);
  }

  private *list(list: readonly unknown[], name: string, depth: number): Masking<unknown[]> {
    if (isTexts(list) && judgeName(name) !== 'certain') return yield* this.line(list, depth);
    const masked: unknown[] = [];
    for (const entry of list) masked.push(yield* this.masked(entry, name, depth + 1));
    return masked;
  }

  /** Arguments of a program, or a list that may be one. */
  private *line(list: readonly string[], depth: number): Masking<string[]> {
    const kept: string[] = [];
    let units = 0;
    for (const argument of list) {
      if (parsedJson(argument) !== null) kept.push(yield* this.text(argument, '', depth));
      else {
        const read = this.read(argument);
        units += read.kept.length;
        // Of a cut text, only the part that cannot contain a cut secret is shown.
        kept.push(read.rest === 0 ? argument : cut(mask(read.kept), read.rest));
      }
    }
    const masked = maskArguments(kept);
    yield units;
    return masked;
  }

  private *object(object: Readonly<Record<string, unknown>>, name: string, depth: number): Masking<unknown> {
    const said = [object.name, object.key, object.header].find((text) => typeof text === 'string');
    const [command, args] = [object.command, object.args].map((list) => (isTexts(list) ? list : []));
    const line = yield* this.line([...(command ?? []), ...(args ?? [])], depth);
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (key === 'managedFields') continue;
      if (key === 'command' && isTexts(value)) entries.push([key, line.slice(0, value.length)]);
      else if (key === 'args' && isTexts(value)) entries.push([key, line.slice(line.length - value.length)]);
      else if (object.kind === 'Secret' && /^(?:data|stringData)$/.test(key)) entries.push([key, hidden(value)]);
      else {
        const inherited = judgeName(name) === 'certain' && SAYS_NOTHING.test(key) ? name : key;
        const named = key === 'value' && said !== undefined ? said : inherited;
        entries.push([mask(key), yield* this.masked(value, named, depth + 1)]);
      }
    }
    return Object.fromEntries(entries);
  }

  /** The part of a text within the bounds, plus a margin, and how much is beyond the bounds. */
  private read(text: string): { kept: string; rest: number } {
    const limit = Math.min(this.bounds.text, this.left);
    this.left -= Math.min(text.length, limit);
    if (text.length <= limit) return { kept: text, rest: 0 };
    return { kept: limit === 0 ? '' : text.slice(0, limit + MARGIN), rest: text.length - limit };
  }
}

/** The text near the cut may be part of a secret and is not shown. */
function cut(masked: string, rest: number): string {
  return `${masked.slice(0, Math.max(0, masked.length - MARGIN))}[… ${rest} more characters not kept]`;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function hidden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return marker('secret');
  return Object.fromEntries(Object.keys(value).map((key) => [mask(key), marker('secret')]));
}

/** The object or list that a text contains as JSON, or null. */
function parsedJson(text: string): object | null {
  if (text.length > JSON_LIMIT || !/^\s{0,64}[[{]/.test(text) || !/[\]}]\s{0,64}$/.test(text.slice(-66))) return null;
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
