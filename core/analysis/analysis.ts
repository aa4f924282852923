import { z } from 'zod/v4';

import { modelRunSchema } from './run';

const line = z.string().min(1).max(2000);

/** What a model must answer: the five parts of ROSES, nothing else. */
export const rosesAnswerSchema = z.strictObject({
  role: line,
  objective: line,
  steps: z.array(line).min(1).max(20),
  evidence: z.array(line).min(1).max(20),
  summary: line,
});
export type RosesAnswer = z.infer<typeof rosesAnswerSchema>;

/** The `analysis` key of an item: Role, Objective, Steps, Evidence, Summary, and how they came about. */
export const analysisSchema = z.object({ ...rosesAnswerSchema.shape, run: modelRunSchema });
export type Analysis = z.infer<typeof analysisSchema>;
