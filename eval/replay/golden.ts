import { readFile, writeFile } from 'node:fs/promises';

import { z } from 'zod/v4';

import { CLASSIFICATIONS, DECISIONS } from '../../core/incident/decision.js';
import type { Decided } from '../agents.js';
import type { Alert } from '../../core/incident/alert.js';

const goldenSchema = z.record(
  z.string(),
  z.strictObject({ rule: z.string(), decision: z.enum(DECISIONS), classification: z.enum(CLASSIFICATIONS) }),
);
/** Decisions by the alert's id, with its pass where it has several. */
export type Golden = z.infer<typeof goldenSchema>;

/** The decisions of a replay, to be kept. */
export function goldenOf(decided: readonly { alert: Alert; decided: Decided }[]): Golden {
  const golden: Golden = {};
  for (const {
    alert,
    decided: { decision },
  } of decided) {
    let key = alert.id;
    for (let again = 2; key in golden; again += 1) key = `${alert.id} (${again})`;
    golden[key] = { rule: alert.rule, decision: decision.decision, classification: decision.classification };
  }
  return golden;
}

/** What differs from the golden decisions, in words. */
export function differences(before: Golden, now: Golden): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key) => {
    const [was, is] = [before[key], now[key]];
    if (was === undefined) return [`${key} ${is?.rule ?? ''}: new, ${is?.decision ?? ''}`];
    if (is === undefined) return [`${key} ${was.rule}: not in the files any more`];
    if (was.decision === is.decision && was.classification === is.classification) return [];
    return [`${key} ${is.rule}: ${was.decision} (${was.classification}) became ${is.decision} (${is.classification})`];
  });
}

/**
 * Compares decisions with those in a file; a file that does not exist is written.
 * @returns null when it was written
 * @throws Error if the file holds something else
 */
export async function compareGolden(file: string, now: Golden): Promise<string[] | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await writeFile(file, `${JSON.stringify(now, null, 2)}\n`);
    return null;
  }
  const { data, error } = goldenSchema.safeParse(JSON.parse(text));
  if (error !== undefined) throw new Error(`${file} holds no golden decisions: delete it to have it written again.`);
  return differences(data, now);
}
