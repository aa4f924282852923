import { z } from 'zod/v4';

import { readFalcoLine } from '../../core/alert/falcoLine.js';
import { messageOf } from '../../core/errors.js';
import { alertSchema } from '../../core/incident/alert.js';
import { contextSchema, workloadSchema } from '../../core/incident/context.js';
import { DECISIONS } from '../../core/incident/decision.js';
import { RESPONSE_MODES } from '../../core/incident/mode.js';
import { parseLossless } from '../../core/text/json.js';
import { receive } from '../world/buildAlert.js';
import type { Before, Reading, Replayed } from './replayed.js';

/** A line of Loki's, and what its stream says of it. */
interface Line {
  line: string;
  labels?: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  time?: string;
}

/** A line that Loki Push wrote (core/telemetry/logLine.ts). */
const ownLineSchema = z.looseObject({ event: z.string(), incident: z.string().nullable() });

/** The events whose lines hold an alert and a decision. */
const WITH_ALERT = ['incident', 'resolved', 'sensor'];

/** An incident's line: only what a decision is made of and compared with. */
const incidentLineSchema = z.looseObject({
  alert: alertSchema,
  context: z.unknown(),
  decision: z.enum(DECISIONS),
  decidedBy: z.enum(['model', 'playbook']).optional(),
  exception: z.string().optional(),
  approval: z.looseObject({ chosen: z.unknown() }).nullish(),
});

const recordedSchema = z.looseObject({ mode: z.enum(RESPONSE_MODES), workload: workloadSchema.nullable() });

const falcoSchema = z.looseObject({ rule: z.string(), priority: z.string(), time: z.string() });

/** Reads one line: a log line of ours, or Falco's JSON, or Falco's event as Alloy sends it to Loki. */
export function readLine({ line, labels = {}, time = '0' }: Line): Reading {
  if (line.trimStart().startsWith('{')) {
    try {
      return readObject(parseLossless(line));
    } catch (error) {
      return { foreign: `not JSON that can be read: ${messageOf(error)}` };
    }
  }
  const event = readFalcoLine({ time, line, labels }, 'debug');
  return event === null ? { foreign: 'no JSON, and no event of Falco' } : readObject(event);
}

/** Reads the object of a line. */
export function readObject(value: unknown): Reading {
  if (ownLineSchema.safeParse(value).success) return ownLine(value);
  if (!falcoSchema.safeParse(value).success)
    return { foreign: 'neither a log line of the pipeline nor an event of Falco' };
  try {
    const alert = receive(value, 'falco');
    return alert === null ? { other: 'no alert' } : { alerts: [{ alert, context: null, before: null }] };
  } catch (error) {
    return { foreign: messageOf(error) };
  }
}

function ownLine(value: unknown): Reading {
  const { data } = incidentLineSchema.safeParse(value);
  if (data === undefined) {
    const { event } = ownLineSchema.parse(value);
    return WITH_ALERT.includes(event)
      ? { foreign: `a line of event ${event} without an alert that can be read` }
      : { other: event };
  }
  const { alert, decision } = data;
  return { alerts: [{ alert, context: contextIn(data.context), before: { decision, by: byWhom(data) } }] };
}

function contextIn(value: unknown): Replayed['context'] {
  const whole = contextSchema.safeParse(value).data;
  if (whole !== undefined) return whole;
  const part = recordedSchema.safeParse(value).data;
  return part === undefined ? null : { status: 'recorded', mode: part.mode, workload: part.workload };
}

function byWhom({ approval, exception, decidedBy }: z.infer<typeof incidentLineSchema>): Before['by'] {
  if (typeof approval?.chosen === 'string') return 'person';
  return exception === undefined ? (decidedBy ?? null) : 'exception';
}
