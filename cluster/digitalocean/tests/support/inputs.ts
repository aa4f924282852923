import type { Declared } from './deployment';

/** How Pulumi marks a secret on the wire. */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isSecret = (value: unknown): value is { value: unknown } => isMap(value) && value[SIGNATURE] === SECRET;

export interface Leaf {
  path: string[];
  value: unknown;
}

/** Every value that stands in plain text, with the way to it. What is in a secret is left out. */
export function leaves(value: unknown, path: string[] = []): Leaf[] {
  if (isSecret(value)) return [];
  if (!isMap(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** The value without the marks of secrets. */
export function revealed(value: unknown): unknown {
  if (isSecret(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
}

export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  [key: string]: unknown;
}

const isManifest = (value: unknown): value is Manifest =>
  isMap(value) && typeof value.kind === 'string' && isMap(value.metadata) && typeof value.metadata.name === 'string';

/** The objects of Kubernetes that a resource stands for. */
export function manifestsOf({ type, inputs }: Declared): Manifest[] {
  const { objs, ...rest } = revealed(inputs) as { objs?: unknown };
  if (Array.isArray(objs)) return objs.filter(isManifest);
  const kind = type.split(':').at(-1);
  const own = { kind, ...rest };
  return type.startsWith('kubernetes:') && isManifest(own) ? [own] : [];
}
