import { endsReasoning, REASONING_MARK } from './reasoning';
import { type Fault, readObject } from './strictJson';

/**
 * A text beyond these limits is not an answer. In characters: `text` with reasoning, `answer` without it. Each brace
 * may begin an object of any length, so the number of characters read is limited as well: per part and in total.
 */
const LIMITS = {
  text: 1024 * 1024,
  answer: 64 * 1024,
  starts: 200,
  objects: 500,
  readInPart: 512 * 1024,
  readInAll: 2 * 1024 * 1024,
} as const;

type JsonObject = Record<string, unknown>;

/** An object in a text, and the object that it is directly inside of. */
export interface FoundObject {
  value: JsonObject;
  outer: FoundObject | null;
}

/** The objects in a text, nested ones included, and the problem that prevented a complete reading. */
export interface ObjectsFound {
  objects: FoundObject[];
  /**
   * `cut_off`: an object is opened and never closed. `duplicate_key`, `too_deep`: parsers disagree on such an object,
   * or might fail on it. `reasoning`: reasoning is opened and never closed; `mark`: it cannot be determined where
   * reasoning ends. `too_long`, `too_many_braces`: there may be more objects than were found.
   */
  problem: Exclude<Fault, 'syntax'> | 'too_long' | 'too_many_braces' | 'reasoning' | 'mark' | null;
}

const BRACE_OR_MARK = new RegExp(`\\{|${REASONING_MARK}`, 'gi');

/**
 * Finds the JSON objects in free text: bare, fenced, or in the middle of prose. Nothing is ever completed.
 *
 * A model's reasoning is not its answer: text between reasoning marks does not count, and neither does text before an
 * end mark whose begin mark is not in the text. A mark inside an object is part of one of its texts. The last part
 * outside of reasoning that contains an object counts.
 * @param ownMarks whether marks can only come from the model; otherwise a mark outside of an object may be a quotation
 */
export function findObjects(text: string, ownMarks: boolean): ObjectsFound {
  if (text.length > LIMITS.text) return { objects: [], problem: 'too_long' };
  const tokens = new RegExp(BRACE_OR_MARK);
  let part = new Part(text, 0);
  let before: Part | null = null;
  let reasons = false;
  let read = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [mark] = token;
    if (mark === '{') {
      if (reasons || part.isFull) continue;
      if (read > LIMITS.readInAll) return { objects: [], problem: 'too_many_braces' };
      const { end, cost } = part.read(token.index);
      read += cost;
      tokens.lastIndex = end ?? token.index + 1;
    } else if (!ownMarks) return { objects: [], problem: 'mark' };
    else if (endsReasoning(mark)) {
      before = reasons ? (part.isEmpty ? before : part) : null;
      part = new Part(text, tokens.lastIndex);
      reasons = false;
    } else {
      part.end ??= token.index;
      reasons = true;
    }
  }
  if (reasons) return { objects: [], problem: 'reasoning' };
  return (part.isEmpty ? (before ?? part) : part).found();
}

/** A part of the text outside of reasoning. */
class Part {
  /** The index where the reasoning after it begins, or null at the end of the text. */
  end: number | null = null;
  private readonly objects: JsonObject[] = [];
  private problem: ObjectsFound['problem'] = null;
  private starts = 0;
  private looked = 0;

  constructor(
    private readonly text: string,
    private readonly from: number,
  ) {}

  get isEmpty(): boolean {
    return this.objects.length === 0 && this.problem === null;
  }

  /** Whether its limits are reached, so that reading stops. */
  get isFull(): boolean {
    return this.starts > LIMITS.starts || this.objects.length > LIMITS.objects || this.looked > LIMITS.readInPart;
  }

  /** Reads the object at a brace, if there is one. `end`: the index after it; `cost`: how many characters were read. */
  read(from: number): { end: number | null; cost: number } {
    const { end, at, fault } = readObject(this.text, from, LIMITS.answer);
    let cost = at - from;
    if (end !== null) this.objects.push(JSON.parse(this.text.slice(from, end)) as JsonObject);
    else if (fault !== 'syntax') this.problem ??= fault;
    else if (!isProse(this.text, from)) {
      const closing = closingBrace(this.text, from);
      if (closing === null) this.problem ??= 'cut_off';
      cost += (closing ?? from + LIMITS.answer) - from;
    }
    this.starts++;
    this.looked += cost;
    if (this.isFull) this.problem ??= 'too_many_braces';
    return { end, cost };
  }

  found(): ObjectsFound {
    const all = this.objects.flatMap((object) => withNested(object));
    if ((this.end ?? this.text.length) - this.from > LIMITS.answer) return { objects: [], problem: 'too_long' };
    return all.length > LIMITS.objects
      ? { objects: [], problem: 'too_many_braces' }
      : { objects: all, problem: this.problem };
  }
}

/** A brace that is not followed by a key opens no object. */
function isProse(text: string, at: number): boolean {
  return !/^\{\s*(?:"|$)/.test(text.slice(at, at + 1024));
}

/** The index of the brace that closes the one at `from`, or null. Braces inside strings do not count. */
function closingBrace(text: string, from: number): number | null {
  const limit = Math.min(text.length, from + LIMITS.answer);
  let depth = 0;
  let inString = false;
  for (let index = from; index < limit; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index;
  }
  return null;
}

/** An object and all objects inside it, outermost first. The reader has limited the depth. */
function withNested(value: unknown, outer: FoundObject | null = null, seen: FoundObject[] = []): FoundObject[] {
  if (typeof value !== 'object' || value === null) return seen;
  const object = Array.isArray(value) ? outer : { value: value as JsonObject, outer };
  if (object !== null && object !== outer) seen.push(object);
  for (const child of Object.values(value)) withNested(child, object, seen);
  return seen;
}

/** One text per value, independent of key order and white space. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}
