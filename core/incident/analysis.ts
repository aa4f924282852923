import { z } from 'zod/v4';

import { modelRunSchema } from './modelRun';

/** Limit of each text that a model writes, in UTF-16 units. */
export const LONGEST_TEXT = 2000;

/** How many steps, and how many lines of evidence, an analysis has at most. */
export const MOST_LINES = 20;

const line = z.string().min(1).max(LONGEST_TEXT);

/** What a model must answer: the five parts of ROSES and nothing else. */
export const rosesAnswerSchema = z.strictObject({
  role: line,
  objective: line,
  steps: z.array(line).min(1).max(MOST_LINES),
  evidence: z.array(line).min(1).max(MOST_LINES),
  summary: line,
});
export type RosesAnswer = z.infer<typeof rosesAnswerSchema>;

/** The `analysis` key of an item: Role, Objective, Steps, Evidence, Summary, and the model run that produced them. */
export const analysisSchema = z.object({ ...rosesAnswerSchema.shape, run: modelRunSchema });
export type Analysis = z.infer<typeof analysisSchema>;
