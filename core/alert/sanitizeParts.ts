import type { Scalar } from '../incident/alert';
import type { Steps } from '../steps';
import { costOf, type Part, sanitizePart } from './sanitizeValue';

/** The values of a body that are already sanitized: a repeated value, such as its group's name, costs nothing again. */
export type Known = Map<string, Scalar>;

export interface Sanitized<T> {
  result: T;
  /** Characters that were read. */
  spent: number;
}

/**
 * The parts in their order, ready to be stored and shown. At most `room` characters of all together are read; the first
 * `head` parts come before all others.
 */
export function* sanitizeParts(
  parts: readonly Part[],
  room: number,
  known: Known,
  head = 0,
): Steps<Sanitized<Scalar[]> & { cut: boolean }> {
  const keys = parts.map(keyOf);
  const costs = parts.map((part, index) => (known.has(keys[index] ?? '') ? 0 : costOf(part)));
  const allowed = allowances(costs, room, head);
  const result: Scalar[] = [];
  let spent = 0;
  for (const [index, part] of parts.entries()) {
    const [key = '', most = 0, cost = 0] = [keys[index], allowed[index], costs[index]];
    const before = known.get(key);
    if (before !== undefined) {
      result.push(before);
      continue;
    }
    const shown = sanitizePart(part, most);
    result.push(shown);
    if (most === cost) known.set(key, shown);
    spent += most;
    yield;
  }
  return { result, spent, cut: allowed.some((most, index) => most < (costs[index] ?? 0)) };
}

/** Two parts with the same key look the same when shown. Lists and objects are not compared. */
function keyOf({ name, value, limit }: Part, index: number): string {
  if (typeof value !== 'string') return `#${index}`;
  const read = costOf({ name, value, limit });
  return `${limit} ${name.length} ${value.length} ${name} ${value.slice(0, read)}`;
}

/**
 * How many characters may be read of each part. The head comes first, then the shortest parts: an attacker in the pod
 * can make a text long, and a long text must not displace the others. So the longest parts are cut.
 */
function allowances(costs: readonly number[], room: number, head: number): number[] {
  const allowed = costs.map(() => 0);
  let left = room;
  for (const [index, cost] of ranked(costs, head)) {
    allowed[index] = Math.min(cost, left);
    left -= allowed[index] ?? 0;
  }
  return allowed;
}

function ranked(costs: readonly number[], head: number): [index: number, cost: number][] {
  const all = [...costs.entries()];
  return [...all.slice(0, head), ...all.slice(head).sort(([, one], [, other]) => one - other)];
}
