import type { CustomObject } from './customObjects';

/**
 * A parser that remembers what it made of each object: every alert looks at objects that hardly change, and a watch
 * replaces one that has changed.
 */
export function parsedOnce<T extends object>(parse: (object: CustomObject) => T): (object: CustomObject) => T {
  const parsed = new WeakMap<CustomObject, T>();
  return (object) => {
    const known = parsed.get(object) ?? parse(object);
    parsed.set(object, known);
    return known;
  };
}
