import type { Answer, Asked } from './answer.js';

export interface Route {
  method: string;
  /** As `/incidents/:id/notes`; a part begins with a colon. */
  path: string;
  answer: (asked: Asked) => Answer | Promise<Answer>;
}

interface Match {
  route: Route;
  parts: Record<string, string>;
}

/** The first route of that method and path. */
export function find(routes: readonly Route[], method: string, path: string): Match | undefined {
  const given = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const parts = partsOf(route.path.split('/'), given);
    if (parts !== undefined) return { route, parts };
  }
  return undefined;
}

function partsOf(pattern: string[], given: string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const value = given[index] ?? '';
    if (!name.startsWith(':')) {
      if (name !== value) return undefined;
    } else if (value === '') return undefined;
    else parts[name.slice(1)] = decoded(value);
  }
  return parts;
}

/** A path that is badly encoded names nothing that exists. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
