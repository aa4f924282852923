import type { NamedSubject } from './draft';

/** The subject that a source names, or null when it names none. */
export function subjectOf(kind: unknown, name: unknown, namespace: unknown = null): NamedSubject | null {
  const [saidKind, saidName, saidNamespace] = [part(kind), part(name), part(namespace)];
  return saidKind === null || saidName === null
    ? null
    : { kind: saidKind, namespace: saidKind === 'Namespace' ? null : saidNamespace, name: saidName };
}

/** Falco writes a missing field as "<NA>". */
function part(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || text === '<NA>' ? null : text;
}
