import { z } from 'zod/v4';

import { type Alert, alertSchema } from './alert';
import { analysisSchema } from './analysis';
import { contextSchema } from './context';
import { decisionSchema } from './decision';
import { PipelineError } from '../errors';
import { oncePerObject } from '../oncePerObject';
import { evidenceSchema } from './evidence';
import { taskSchema } from './task';
import { escalationSchema, responseSchema } from './response';

const incidentSchema = z.object({
  alert: readOnce(alertSchema),
  context: readOnce(contextSchema).optional(),
  analysis: readOnce(analysisSchema).optional(),
  /** The isolation before the analysis, if the administrator enabled it. */
  containment: responseSchema.optional(),
  decision: decisionSchema.optional(),
  response: responseSchema.optional(),
  /** The item's `response.task`: the task that Pulumi Neo was given. */
  task: taskSchema.optional(),
  /** The evidence that Capture Evidence collected from the pod; an action keeps its own evidence in `response`. */
  evidence: evidenceSchema.optional(),
  escalation: escalationSchema.optional(),
  /** The Approval with which a person can decide. */
  approval: z.object({ name: z.string(), expiresAt: z.iso.datetime() }).optional(),
});
/** One item of the pipeline. Each node adds one key and changes no other. */
export type Incident = z.infer<typeof incidentSchema>;

/**
 * Reads an item's standard keys.
 * @throws PipelineError `bad_item` when a key is missing or was changed on the way.
 */
export function readIncident(json: Readonly<Record<string, unknown>>): Incident {
  const result = incidentSchema.safeParse(withTaskApart(json));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'bad_item',
    `the item is not an incident: ${issue?.path.join('.') ?? 'item'}: ${issue?.message ?? 'invalid'}`,
    {
      nextStep:
        'Connect this node after Security Alert Trigger or ROSES Agent, and do not change the keys alert, context, analysis, decision, response and escalation.',
      incidentId: claimedIncidentId(json),
    },
  );
}

/**
 * The schema, which reads an object once: n8n hands an item's values from node to node, and each node asks for the same. What a
 * node makes instead is another object.
 */
function readOnce<Schema extends z.ZodType>(schema: Schema) {
  const known = oncePerObject((value: object) => schema.safeParse(value));
  return z.unknown().transform((value, context) => {
    const { data, error } = typeof value === 'object' && value !== null ? known(value) : schema.safeParse(value);
    if (error === undefined) return data as z.output<Schema>;
    context.issues.push(...error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
}

/** `response` holds what was done about the pod; `task` beside it holds what is done about the cause. */
function withTaskApart(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { response, ...rest } = json;
  if (typeof response !== 'object' || response === null || !('task' in response)) return { ...json };
  const { task, ...aboutPod } = response;
  return { ...rest, task, ...(Object.keys(aboutPod).length === 0 ? {} : { response: aboutPod }) };
}

/**
 * The key under which one pass through a workflow is counted. An incident passes once, again when a person decided on
 * it (once for each pod that is acted on), once for each event that was let through again, again when its source reports
 * it as resolved, and once for each state change of its Neo task.
 */
export function passId({ alert, decision, task }: Incident): string {
  if (task !== undefined) return `${alert.id}/task ${task.id ?? ''} ${task.state}`;
  if (alert.status === 'resolved') return `${alert.id}/resolved`;
  if (!isFirstPass(alert) && decision?.approval === undefined) return `${alert.id}/pass ${alert.incident?.pass ?? ''}`;
  if (decision?.approval === undefined) return alert.id;
  const { name, state, part = 1 } = decision.approval;
  return `${alert.id}/${state} ${name}${part === 1 ? '' : ` ${part}`}`;
}

/** Whether an alert's pass is the one with which its incident is counted. What passes a storm has no other. */
export function isFirstPass({ incident }: Pick<Alert, 'incident'>): boolean {
  return incident === undefined || incident.pass === 1 || incident.why === 'acts';
}

/** The incident id of an item that may otherwise be malformed, so that its failure can still be traced. */
export function claimedIncidentId(json: Readonly<Record<string, unknown>>): string | undefined {
  const result = z.object({ alert: z.object({ id: z.string().max(128) }) }).safeParse(json);
  return result.success ? result.data.alert.id : undefined;
}
