import { z } from 'zod/v4';

import type { LogLine } from './logLine';

const lineSchema: z.ZodType<LogLine> = z.object({
  labels: z.object({ job: z.string(), decision: z.string(), classification: z.string() }),
  metadata: z.record(z.string(), z.string()),
  line: z.string(),
});

/** A line as a text that can be kept. */
export const textOfLine = (line: LogLine): string => JSON.stringify(line);

/** Reads what textOfLine made. */
export const lineOfText = (text: string): LogLine => lineSchema.parse(JSON.parse(text));
