/** Beyond these a text is not an answer but a flood. */
const LIMITS = { characters: 64 * 1024, starts: 200, depth: 8, objects: 2000 } as const;

export type JsonObject = Record<string, unknown>;

/** The outermost objects in a text, and what kept it from being read whole. */
export interface ObjectsFound {
  objects: JsonObject[];
  /**
   * `cut_off`: an object is opened and never closed; all others were found. `too_long`, `too_many_braces`: there may be
   * more objects than were found.
   */
  problem: 'cut_off' | 'too_long' | 'too_many_braces' | null;
}

/** Finds the JSON objects in free text: bare, fenced, or in the middle of prose. Nothing is ever completed. */
export function findObjects(text: string): ObjectsFound {
  if (text.length > LIMITS.characters) return { objects: [], problem: 'too_long' };
  const found: ObjectsFound = { objects: [], problem: null };
  let starts = 0;
  for (let from = text.indexOf('{'); from !== -1; ) {
    if (++starts > LIMITS.starts) return { ...found, problem: 'too_many_braces' };
    const end = endOfObject(text, from);
    const value = end === -1 ? undefined : parseObject(text.slice(from, end + 1));
    if (value !== undefined) found.objects.push(value);
    else if (end === -1 && /^\{\s*(?:"|$)/.test(text.slice(from))) found.problem = 'cut_off';
    from = text.indexOf('{', value === undefined ? from + 1 : end + 1);
  }
  return found;
}

/** An object and all objects inside it, outermost first. */
export function withNested(value: unknown, depth = 0, seen: JsonObject[] = []): JsonObject[] {
  if (typeof value !== 'object' || value === null || depth > LIMITS.depth || seen.length >= LIMITS.objects) return seen;
  if (!Array.isArray(value)) seen.push(value as JsonObject);
  for (const child of Object.values(value)) withNested(child, depth + 1, seen);
  return seen;
}

/** One text per value, whatever the order of keys or the white space it was written with. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  );
}

/** The index of the brace that closes the one at `from`, or -1. Braces inside strings do not count. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let index = from; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index;
  }
  return -1;
}

function parseObject(source: string): JsonObject | undefined {
  try {
    return JSON.parse(source) as JsonObject;
  } catch {
    return undefined;
  }
}
