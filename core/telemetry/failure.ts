import { z } from 'zod/v4';

import { sanitize, visible } from '../text/sanitize';

/**
 * The output of n8n's Error Trigger (n8n 2.x): the error, the last node and the execution, but never the item. That is
 * why our error messages contain their incident's id.
 */
const errorTriggerSchema = z.object({
  execution: z.object({
    id: z.string().optional(),
    url: z.string().optional(),
    lastNodeExecuted: z.string().optional(),
    error: z.object({ message: z.string().optional(), description: z.string().nullish() }).optional(),
  }),
  workflow: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
});

/** A failed execution of the pipeline. */
export interface PipelineFailure {
  incidentId: string | null;
  executionId: string | null;
  node: string | null;
  message: string;
}

const INCIDENT = /\[incident ([A-Za-z0-9-]{1,128})\]/g;

/** Adds an incident's id to an error message in the form that readFailure parses. */
export function withIncidentId(message: string, incidentId: string | undefined): string {
  if (incidentId === undefined) return message;
  const mark = ` [incident ${incidentId}]`;
  return message.endsWith(mark) ? message : message + mark;
}

/** Reads an Error Trigger's item; null when the item is something else. */
export function readFailure(json: unknown): PipelineFailure | null {
  const result = errorTriggerSchema.safeParse(json);
  if (!result.success) return null;
  const { id, lastNodeExecuted, error } = result.data.execution;
  const message = error?.message ?? 'the execution failed without a message';
  return {
    // Only the last mark is ours: quoted text before it can contain anything.
    incidentId: [...message.matchAll(INCIDENT)].at(-1)?.[1] ?? null,
    executionId: id ?? null,
    node: lastNodeExecuted === undefined ? null : visible(lastNodeExecuted, 200),
    message: sanitize(message, 2000),
  };
}

/** The key under which a failed execution is counted once; null for one without an id, which is counted each time. */
export function failurePass({ executionId }: PipelineFailure): string | null {
  return executionId === null ? null : `failure ${executionId}`;
}
