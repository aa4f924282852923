import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { ReadMark } from '../../app/falcoOutput/readOutput';

const markSchema = z.object({ cursor: z.string().regex(/^\d{1,19}$/), caughtUp: z.boolean() });

/**
 * How far a workflow has read Falco's output, in its static data, which n8n stores when an execution ends, also when it fails.
 * What was read counts as read only when it is dealt with: until then it is `reading`, which the next run replaces.
 */
const [DONE, READING] = ['falcoOutput', 'falcoOutputReading'] as const;

/** Where the last run ended; null before the first. */
export function outputMark(context: IExecuteFunctions): ReadMark | null {
  return markSchema.safeParse(context.getWorkflowStaticData('global')[DONE]).data ?? null;
}

/** Notes how far this run has read. */
export function noteReading(context: IExecuteFunctions, mark: ReadMark): void {
  context.getWorkflowStaticData('global')[READING] = mark;
}

/** What this run has read is dealt with: all of it, or everything before a position. */
export function confirmReading(context: IExecuteFunctions, before: string | null = null): void {
  const data = context.getWorkflowStaticData('global');
  const mark = markSchema.safeParse(data[READING]).data;
  if (mark === undefined) return;
  data[DONE] = before === null ? mark : { cursor: before, caughtUp: false };
  data[READING] = null;
}
