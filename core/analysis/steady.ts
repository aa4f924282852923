/** Stands for every time. A prompt may calculate with it. */
export const TIME = '2000-01-01T00:00:00.000Z';

/** Stand for names and ids. Text from outside holds no such character, since it is made visible. */
export const STANDS_FOR = {
  pod: '\0pod',
  uid: '\0uid',
  node: '\0node',
  container: '\0container',
  id: '\0id',
  port: '\0port',
} as const;

/** What is replaced where the cluster or Falco names it, and by what. */
export type Names = readonly (readonly [text: string, by: string])[];

/** A value that is a name, replaced. */
export function renamed(value: string, names: Names): string {
  return names.find(([name]) => name === value)?.[1] ?? value;
}

/** A text with every name in it replaced. */
export function renamedIn(text: string, names: Names): string {
  return names.reduce((changed, [name, by]) => changed.replaceAll(name, by), text);
}

/** A number without its exact value: 0, 1 to 9 (as 1), 10 to 99 (as 10), and so on. Each opening of an incident counts up. */
export function magnitude(count: number): number {
  return count < 1 ? 0 : 10 ** Math.floor(Math.log10(count));
}
