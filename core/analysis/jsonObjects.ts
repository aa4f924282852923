/** Beyond these a text is not an answer but a flood. */
const LIMITS = { characters: 64 * 1024, starts: 200, depth: 8, objects: 2000 } as const;

export type JsonObject = Record<string, unknown>;

export type ObjectsFound =
  /** The outermost objects in a text, each with the text it was parsed from. */
  { objects: { value: JsonObject; source: string }[]; problem: null } | { objects: []; problem: string };

/**
 * Finds the JSON objects in free text: bare, fenced, or in the middle of prose.
 * An object that is opened and never closed makes the whole text unusable: nothing is ever completed.
 */
export function findObjects(text: string): ObjectsFound {
  if (text.length > LIMITS.characters) return problem(`the answer is longer than ${LIMITS.characters} characters`);
  const objects: { value: JsonObject; source: string }[] = [];
  let starts = 0;
  let from = text.indexOf('{');
  while (from !== -1) {
    if (++starts > LIMITS.starts) return problem('the answer holds too many braces to read');
    const end = endOfObject(text, from);
    const source = end === -1 ? '' : text.slice(from, end + 1);
    const value = parseObject(source);
    if (end === -1 && /^\{\s*(?:"|$)/.test(text.slice(from)))
      return problem('the answer holds an object that is cut off');
    if (value !== undefined) objects.push({ value, source });
    from = text.indexOf('{', value === undefined ? from + 1 : end + 1);
  }
  return { objects, problem: null };
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

function problem(text: string): ObjectsFound {
  return { objects: [], problem: text };
}
