import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod/v4';

import { messageOf } from '../../core/errors.js';
import { ROSES_PROMPT_VERSION } from '../../core/analysis/prompt.js';
import { RACE_PROMPT_VERSION } from '../../core/policy/prompt.js';
import { outcomeSchema } from '../outcome.js';

const resultsSchema = z.object({
  about: z.object({
    model: z.string(),
    split: z.string(),
    only: z.string(),
    repeats: z.number(),
    prompts: z.array(z.string()),
    finishedAt: z.iso.datetime(),
    /** US dollars, or why there is no price. */
    price: z.string(),
  }),
  outcomes: z.array(outcomeSchema),
  broken: z.array(z.object({ name: z.string(), problem: z.string() })),
});
/** The content of results.json, with the summary beside it, which is made of the outcomes. */
export type Results = z.infer<typeof resultsSchema>;

export const RESULTS_FILE = 'results.json';
export const PROMPTS = [ROSES_PROMPT_VERSION, RACE_PROMPT_VERSION];

/** Reads the results of an earlier run. @throws Error if the folder has none */
export async function readResults(folder: string): Promise<Results> {
  const file = join(folder, RESULTS_FILE);
  const text = await readFile(file, 'utf8').catch((problem: unknown) => {
    throw new Error(`There are no earlier results to compare with (--compare FOLDER): ${messageOf(problem)}`);
  });
  const { data, error } = resultsSchema.safeParse(JSON.parse(text));
  if (error !== undefined) throw new Error(`${file} holds no results of npm run eval.`);
  return data;
}
