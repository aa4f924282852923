import { maskArguments } from './argumentList';
import { marker, mask, maskNamed } from './mask';
import { isSecret, judgeName } from './secretName';

/** How much is read: what is beyond is left out, and said to be. In UTF-16 units. */
export interface Bounds {
  /** Of one text. */
  text: number;
  /** Of all texts together. */
  all: number;
}

/** Nobody nests deeper by hand; JSON's own parser and writer go further. */
const DEPTH = 64;

/** Read beyond the limit of a text, so that a secret that the limit cuts is seen whole. */
const MARGIN = 2048;

/** A text longer than this is not parsed as JSON: Kubernetes' annotations together have no more. */
const JSON_LIMIT = 256 * 1024;

/** Keys that say nothing of what they hold: a secret's name before them does. */
const SAYS_NOTHING = /^(?:values?|data|text|content|contents|default|string|plain|plainText)$/;

/**
 * An object of an API with its secrets masked, entry by entry: by the names of keys, in pairs of a name and a value, in
 * lists of arguments as one command line, and in texts that are JSON themselves. Everything else stays as it is.
 */
export function maskStructure(value: unknown, bounds: Bounds): unknown {
  return new Structure(bounds).masked(value, '', 0);
}

/** A named text that may be JSON, such as an annotation with a whole manifest. */
export function maskNamedText(name: string, text: string, bounds: Bounds): string {
  return new Structure(bounds).text(text, name, 0);
}

class Structure {
  private left: number;

  constructor(private readonly bounds: Bounds) {
    this.left = bounds.all;
  }

  masked(value: unknown, name: string, depth: number): unknown {
    if (typeof value === 'string') return this.text(value, name, depth);
    if (typeof value === 'number') return isSecret(name, String(value)) ? marker('secret') : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEPTH) return '[… nested too deep to be kept]';
    if (value instanceof Date) return value.toJSON();
    if (Array.isArray(value)) return this.list(value, name, depth);
    return this.object(value as Record<string, unknown>, name, depth);
  }

  text(text: string, name: string, depth: number): string {
    const parsed = depth < DEPTH && !isSecret(name, text) ? parsedJson(text) : null;
    return parsed === null
      ? this.read(text, (kept) => maskNamed(name, kept))
      : JSON.stringify(this.masked(parsed, name, depth + 1));
  }

  private list(list: readonly unknown[], name: string, depth: number): unknown[] {
    if (judgeName(name) === 'certain' || !isTexts(list))
      return list.map((entry) => this.masked(entry, name, depth + 1));
    return this.arguments(list, depth);
  }

  private arguments(list: readonly string[], depth: number): string[] {
    const read = list.map((argument) =>
      parsedJson(argument) === null ? this.read(argument, (kept) => kept) : this.text(argument, '', depth),
    );
    return maskArguments(read);
  }

  private object(object: Readonly<Record<string, unknown>>, name: string, depth: number): Record<string, unknown> {
    const said = [object.name, object.key, object.header].find((text) => typeof text === 'string');
    const command = [object.command, object.args].map((list) => (isTexts(list) ? list : []));
    const line = command.some(({ length }) => length > 0) ? this.arguments(command.flat(), depth) : [];
    const isOfSecret = object.kind === 'Secret';
    const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
      if (key === 'managedFields') return [];
      if (key === 'command' && isTexts(value)) return [[key, line.slice(0, value.length)]];
      if (key === 'args' && isTexts(value)) return [[key, line.slice(line.length - value.length)]];
      if (isOfSecret && /^(?:data|stringData)$/.test(key)) return [[key, hidden(value)]];
      const inherited = judgeName(name) === 'certain' && SAYS_NOTHING.test(key) ? name : key;
      const named = key === 'value' && said !== undefined ? said : inherited;
      return [[mask(key), this.masked(value, named, depth + 1)]];
    });
    return Object.fromEntries(entries);
  }

  /** As much of a text as the bounds let through, masked before it is cut. */
  private read(text: string, masking: (text: string) => string): string {
    const limit = Math.min(this.bounds.text, this.left);
    this.left -= Math.min(text.length, limit);
    if (text.length <= limit) return masking(text);
    const masked = masking(text.slice(0, limit + MARGIN));
    // What is near the edge may be a secret that was cut in half.
    return `${masked.slice(0, Math.min(limit, Math.max(0, masked.length - MARGIN)))}[… ${text.length - limit} more characters not kept]`;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function hidden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return marker('secret');
  return Object.fromEntries(Object.keys(value).map((key) => [mask(key), marker('secret')]));
}

/** The object or list that a text is in JSON, or null. */
function parsedJson(text: string): object | null {
  if (text.length > JSON_LIMIT || !/^\s*(?:\{[\s\S]*\}|\[[\s\S]*\])\s*$/.test(text)) return null;
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}
