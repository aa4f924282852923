type Leaf = { kind: 'macro'; name: string } | { kind: 'comparison'; field: string; operator: string; values: string[] };

/** Falco's filter language, as far as manifests/falco/rules.yaml and exported exceptions use it. */
export type Condition = Leaf | { kind: 'and' | 'or'; parts: Condition[] } | { kind: 'not'; of: Condition };

const OPERATORS = ['=', '!=', 'in', 'endswith', 'startswith', 'contains', 'glob'];

export function parseCondition(text: string): Condition {
  const tokens: string[] = text.match(/"[^"]*"|[()]|!=|=|[^\s()=!,"]+/g) ?? [];
  const next = () => tokens.shift() ?? '';
  const unquoted = (token: string) => token.replace(/^"(.*)"$/, '$1');

  function joined(kind: 'and' | 'or', part: () => Condition): Condition {
    const parts = [part()];
    while (tokens[0] === kind) {
      next();
      parts.push(part());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts };
  }

  function bracketed(): Condition {
    const inner = whole();
    if (next() !== ')') throw new Error(`A bracket is not closed: ${text}`);
    return inner;
  }

  function single(): Condition {
    const token = next();
    if (token === 'not') return { kind: 'not', of: single() };
    if (token === '(') return bracketed();
    if (!OPERATORS.includes(tokens[0] ?? '')) return { kind: 'macro', name: token };
    const operator = next();
    if (operator !== 'in') return { kind: 'comparison', field: token, operator, values: [unquoted(next())] };
    next();
    const values = tokens.splice(0, tokens.indexOf(')')).map(unquoted);
    next();
    return { kind: 'comparison', field: token, operator, values };
  }

  const whole = () => joined('or', () => joined('and', single));
  const condition = whole();
  if (tokens.length > 0) throw new Error(`Not understood from ${tokens[0] ?? ''} on: ${text}`);
  return condition;
}

/** Every macro and comparison in a condition. */
export function leaves(condition: Condition): Leaf[] {
  if (condition.kind === 'not') return leaves(condition.of);
  return 'parts' in condition ? condition.parts.flatMap(leaves) : [condition];
}

/** What is known of an event. A field that is absent makes each comparison with it false, as in Falco. */
export interface World {
  fields: Readonly<Record<string, string | number | undefined>>;
  macros: Readonly<Record<string, Condition | boolean>>;
  lists: Readonly<Record<string, readonly string[]>>;
}

export function holds(condition: Condition, world: World): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, world));
    case 'or':
      return condition.parts.some((part) => holds(part, world));
    case 'not':
      return !holds(condition.of, world);
    case 'macro': {
      const macro = world.macros[condition.name];
      if (macro === undefined) throw new Error(`No macro ${condition.name}`);
      return typeof macro === 'boolean' ? macro : holds(macro, world);
    }
    case 'comparison': {
      const field = world.fields[condition.field];
      if (field === undefined) return false;
      const values = condition.values.flatMap((value) => world.lists[value] ?? [value]);
      const said = String(field);
      if (condition.operator === 'endswith') return values.some((value) => said.endsWith(value));
      if (condition.operator === 'startswith') return values.some((value) => said.startsWith(value));
      if (condition.operator === 'contains') return values.some((value) => said.includes(value));
      if (condition.operator === 'glob') return values.some((value) => globExpression(value).test(said));
      return condition.operator === '!=' ? !values.includes(said) : values.includes(said);
    }
  }
}

/** As fnmatch(3) reads it: `*`, `?` and sets of characters. */
function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\[[^\]]*\]|[*?]|[.+^${}()|\\[\]]/g, (part) => {
    if (part === '*') return '[^]*';
    if (part === '?') return '[^]';
    return part.length > 1 ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
