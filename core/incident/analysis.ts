import { z } from 'zod/v4';

import { modelRunSchema } from './modelRun';

/** Limit of each text that a model writes, in UTF-16 units. */
export const LONGEST_TEXT = 2000;

/** Of the steps, and of the evidence. */
export const MOST_LINES = 20;

const line = z.string().min(1).max(LONGEST_TEXT);

/** The five parts of ROSES, whose lists have such lines. */
const parts = (one: z.ZodType<string>) => ({
  role: line,
  objective: line,
  steps: z.array(one).min(1).max(MOST_LINES),
  evidence: z.array(one).min(1).max(MOST_LINES),
  summary: line,
});

/**
 * What a model must answer: the five parts of ROSES and nothing else. Small models that are asked for lines write some as objects,
 * such as a field and its value: these are read as the line that they mean.
 */
export const rosesAnswerSchema = z.strictObject(parts(z.preprocess(inOneLine, line)));
export type RosesAnswer = z.infer<typeof rosesAnswerSchema>;

/** The `analysis` key of an item: Role, Objective, Steps, Evidence, Summary, and the model run that produced them. */
export const analysisSchema = z.object({ ...parts(line), run: modelRunSchema });
export type Analysis = z.infer<typeof analysisSchema>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const flat = z.record(z.string(), z.union([scalar, z.array(scalar).min(1)]));

/** `name: value; name: value, value`, if it is an object of nothing but values and lists of them; anything else as it is. */
function inOneLine(said: unknown): unknown {
  const { data } = flat.safeParse(said);
  if (data === undefined) return said;
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${[value].flat().map(String).join(', ')}`)
    .join('; ');
}
