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

/** `name: value; name: value`, if it is an object; anything else as it is. */
function inOneLine(said: unknown): unknown {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said;
  return Object.entries(said)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}
