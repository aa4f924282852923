import { PipelineError } from '../errors';
import { runSteps, type Steps } from '../steps';

/**
 * Limits of one body: values in total, keys per object, nesting levels. A body of 1 MiB cannot have more values; a
 * larger one could only if each value had fewer than 16 characters, which no real sender's has.
 */
export const JSON_LIMITS = { values: 1_048_576, keys: 4096, levels: 256 } as const;

/** Values and characters that are read in one step. */
const STEP = { values: 1024, characters: 65_536 } as const;

/** Same as parseSteps, in one go. */
export function parseLossless(text: string): unknown {
  return runSteps(parseSteps(text));
}

/**
 * Reads JSON like JSON.parse, but in steps and within JSON_LIMITS. Written-out integers beyond 2^53 (Falco's `evt.time`
 * counts nanoseconds) are kept as a string of their digits, because a JavaScript number would silently change them.
 * @throws SyntaxError when the text is not valid JSON or is nested too deeply
 * @throws PipelineError `not_an_alert` when the text exceeds JSON_LIMITS
 */
export function* parseSteps(text: string): Steps<unknown> {
  const reader = new Reader(text);
  while (!reader.step()) yield;
  return reader.value;
}

type JsonObject = Record<string, unknown>;
interface OpenObject {
  object: JsonObject;
  key: string;
  keys: number;
}
/** An array or object that is not closed yet; for an object, the key of the next value. */
type Open = { array: unknown[] } | OpenObject;

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, BACKSLASH] = [9, 10, 13, 32, 34, 92];
const [COMMA, COLON, OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [44, 58, 91, 93, 123, 125];
const LITERALS: readonly (readonly [text: string, value: unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  value: unknown;
  private at = 0;
  private values = 0;
  private readonly open: Open[] = [];
  private expected: 'value' | 'end of value' = 'value';

  constructor(private readonly text: string) {}

  /** Reads on for one step. Returns whether that was the last step. */
  step(): boolean {
    const [values, at] = [this.values + STEP.values, this.at + STEP.characters];
    while (this.values < values && this.at < at) {
      if (this.expected === 'value') this.readValue();
      else if (this.open.length > 0) this.readOn();
      else if (this.next() === undefined) return true;
      else throw this.unexpected();
    }
    return false;
  }

  private readValue(): void {
    if (++this.values > JSON_LIMITS.values) throw tooMuch(`holds more than ${JSON_LIMITS.values} values`);
    const code = this.next();
    if (code === OPENING_BRACE) this.openObject();
    else if (code === OPENING_BRACKET) this.openArray();
    else this.place(code === QUOTE ? this.readText() : this.readScalar());
  }

  /** After a value: reads the next one of its array or object, or their end. */
  private readOn(): void {
    const inside = this.open[this.open.length - 1];
    const isArray = inside !== undefined && 'array' in inside;
    switch (this.next()) {
      case COMMA:
        this.at++;
        if (inside !== undefined && !isArray) this.readKey(inside);
        this.expected = 'value';
        return;
      case isArray ? CLOSING_BRACKET : CLOSING_BRACE:
        this.at++;
        this.open.pop();
        return;
      default:
        throw this.unexpected();
    }
  }

  private openObject(): void {
    const inside: OpenObject = { object: {}, key: '', keys: 0 };
    this.at++;
    this.place(inside.object);
    this.enter(inside);
    if (this.next() === CLOSING_BRACE) return;
    this.readKey(inside);
    this.expected = 'value';
  }

  private openArray(): void {
    const inside = { array: [] };
    this.at++;
    this.place(inside.array);
    this.enter(inside);
    if (this.next() !== CLOSING_BRACKET) this.expected = 'value';
  }

  private enter(inside: Open): void {
    if (this.open.push(inside) > JSON_LIMITS.levels) throw new SyntaxError('nested too deeply');
  }

  private readKey(inside: OpenObject): void {
    if (this.next() !== QUOTE) throw this.unexpected();
    if (++inside.keys > JSON_LIMITS.keys) throw tooMuch(`holds an object of more than ${JSON_LIMITS.keys} keys`);
    inside.key = this.readText();
    if (this.next() !== COLON) throw this.unexpected();
    this.at++;
  }

  private place(value: unknown): void {
    const inside = this.open[this.open.length - 1];
    this.expected = 'end of value';
    if (inside === undefined) this.value = value;
    else if ('array' in inside) inside.array.push(value);
    // An assignment with this key would set the object's prototype.
    else if (inside.key === '__proto__')
      Object.defineProperty(inside.object, inside.key, { value, writable: true, enumerable: true, configurable: true });
    else inside.object[inside.key] = value;
  }

  private readText(): string {
    const { text, at: start } = this;
    let at = start + 1;
    let escaped = false;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (code === BACKSLASH) {
        escaped = true;
        at++;
      } else if (!(code >= SPACE)) {
        // A control character, or the end of the text, where the code is NaN.
        this.at = at;
        throw this.unexpected();
      }
    }
    this.at = at + 1;
    return escaped ? (JSON.parse(text.slice(start, at + 1)) as string) : text.slice(start + 1, at);
  }

  private readScalar(): unknown {
    const literal = LITERALS.find(([text]) => this.text.startsWith(text, this.at));
    if (literal !== undefined) {
      this.at += literal[0].length;
      return literal[1];
    }
    const start = this.at;
    while (isOfNumber(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === start) throw this.unexpected();
    return numberOf(this.text.slice(start, this.at));
  }

  /** The next character that is not white space, or undefined at the end. */
  private next(): number | undefined {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB)
        return Number.isNaN(code) ? undefined : code;
      this.at++;
    }
  }

  private unexpected(): SyntaxError {
    return new SyntaxError(
      this.at >= this.text.length ? 'it ends too early' : `unexpected character at position ${this.at}`,
    );
  }
}

/** Digits, signs, the decimal point and the letter of an exponent. JSON.parse checks whether they form a number. */
function isOfNumber(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 45 || code === 46 || code === 43 || code === 101 || code === 69;
}

const NUMBER = /^-?(?:0|[1-9]\d{0,63})(?:\.\d{1,64})?(?:[eE][+-]?\d{1,3})?$/;

/** An integer that is written out: one with an exponent is meant as a floating-point number. */
const DIGITS = /^-?\d+$/;

/** JSON.parse reads every number; the fast path reads nearly all of them without it. */
function numberOf(digits: string): unknown {
  const value = NUMBER.test(digits) ? Number(digits) : (JSON.parse(digits) as number);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && DIGITS.test(digits) ? digits : value;
}

function tooMuch(what: string): PipelineError {
  return new PipelineError('not_an_alert', `the body ${what}`, {
    nextStep: 'Send fewer alerts or findings in one body.',
  });
}
