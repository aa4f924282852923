import type { PodFacts } from '../../incident/podFacts';
import { type Conditions, meets } from './conditions';
import type { PlaybookEntry } from './entry';

/** One row of the playbook: for this rule, where these conditions hold, this answer. */
export type Row = readonly [rule: string, when: Conditions, answer: PlaybookEntry];

/** A table, ready to be asked: the rows of each rule in their order. Rules' names are a sender's words. */
export type Table = ReadonlyMap<string, readonly Row[]>;

export function tableOf(...parts: (readonly Row[])[]): Table {
  const table = new Map<string, Row[]>();
  for (const row of parts.flat()) table.set(row[0], [...(table.get(row[0]) ?? []), row]);
  return table;
}

/** The answer of the first row of a rule whose conditions hold; undefined for a rule without rows. */
export function firstAnswer(table: Table, rule: string, facts: PodFacts | undefined): PlaybookEntry | undefined {
  return table.get(rule)?.find(([, when]) => meets(facts, when))?.[2];
}
