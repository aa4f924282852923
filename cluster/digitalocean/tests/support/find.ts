import assert from 'node:assert/strict';
import type { Declared, Deployment } from './deployment';
import { type Manifest, manifestsOf, revealed } from './inputs';

/** The resource of a type, by the type's last part; there has to be one. */
export function only({ resources }: Deployment, type: string, name?: string): Declared {
  const found = resources.filter((each) => each.type.endsWith(`:${type}`) && (name ?? each.name) === each.name);
  const [first] = found;
  assert.ok(first !== undefined && found.length === 1, `${type} ${name ?? ''}: ${found.length}`);
  return first;
}

export const has = ({ resources }: Deployment, type: string): boolean =>
  resources.some((each) => each.type.endsWith(`:${type}`));

/** What lies in a resource's inputs, secrets included, by keys and indices joined by dots. */
export function input(deployment: Deployment, type: string, path: string, name?: string): unknown {
  return at(revealed(only(deployment, type, name).inputs), path);
}

export const objects = ({ resources }: Deployment): Manifest[] => resources.flatMap(manifestsOf);

/** The object of Kubernetes of this kind and name; there has to be one. */
export function object(deployment: Deployment, kind: string, name: string): Manifest {
  const found = objects(deployment).filter((each) => each.kind === kind && each.metadata.name === name);
  const [first] = found;
  assert.ok(first !== undefined && found.length === 1, `${kind} ${name}: ${found.length}`);
  return first;
}

export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => {
    if (typeof found !== 'object' || found === null) return undefined;
    return Object.entries(found).find(([each]) => each === key)?.[1];
  }, value);
}

export function list(value: unknown): unknown[] {
  assert.ok(Array.isArray(value), 'not a list');
  return value;
}

export function text(value: unknown): string {
  assert.ok(typeof value === 'string', `not a text: ${JSON.stringify(value)}`);
  return value;
}

/** What a Secret or ConfigMap holds. Keys have dots in them, so that a path would not do. */
export function held(deployment: Deployment, kind: 'Secret' | 'ConfigMap', name: string): Record<string, string> {
  const { stringData, data } = object(deployment, kind, name);
  const found: [string, unknown][] = Object.entries(stringData ?? data ?? {});
  return Object.fromEntries(found.map(([key, value]) => [key, text(value)]));
}

/** A list of `{ [key]: …, [value]: … }` as a map. */
export function mapped(entries: unknown, key: string, value: string): Record<string, unknown> {
  return Object.fromEntries(list(entries).map((entry) => [text(at(entry, key)), at(entry, value)]));
}
