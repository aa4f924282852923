import { z } from 'zod/v4';

import { factsOf } from '../alert/facts';
import { type Alert, alertSchema } from '../incident/alert';
import { analysisSchema } from '../incident/analysis';
import { decisionSchema } from '../incident/decision';
import { EVIDENCE_KINDS } from '../incident/evidence';
import { responseSchema } from '../incident/response';

/** What was captured, without its content: that is in lines of its own. */
const capturedSchema = z.object({
  capturedAt: z.string(),
  parts: z.array(z.object({ kind: z.enum(EVIDENCE_KINDS), name: z.string(), truncated: z.boolean() })),
  missing: z.array(z.string()),
});
const actSchema = responseSchema.extend({ evidence: capturedSchema.optional() });
/** An action of a pass. */
export type Act = z.infer<typeof actSchema>;

const reasonedSchema = analysisSchema.partial({ role: true, objective: true, steps: true });
/** An analysis; the log keeps its evidence and its summary alone. */
export type Reasoned = z.infer<typeof reasonedSchema>;

/** One pass of an incident through the workflow, as Loki's line or an Approval's item has it. Texts are untrusted. */
export const passSchema = z.object({
  event: z.enum(['incident', 'resolved', 'sensor']),
  /** When the event happened, by the source's clock. */
  alertTime: z.iso.datetime(),
  /** What a person decides by, the most important first. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  pod: z.object({ namespace: z.string(), name: z.string(), uid: z.string().nullable() }).nullable(),
  analysis: reasonedSchema.nullable(),
  decision: decisionSchema.nullable(),
  containment: actSchema.nullable(),
  response: actSchema.nullable(),
});
export type Pass = z.infer<typeof passSchema>;

const json = z.record(z.string(), z.unknown());

function parsed(text: string): Record<string, unknown> | null {
  try {
    return json.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The pass that a log line of an incident is about; null for every other line, and for what is not ours. */
export function passOfLine(line: string): Pass | null {
  const about = parsed(line);
  if (about === null || !['incident', 'resolved', 'sensor'].includes(String(about.event))) return null;
  // The line has the parts of a decision beside the alert, and a waiting Approval under the same key as a person's decision.
  return passOf({ ...about, event: about.event, decision: withoutWaiting(about) });
}

/** The pass that an Approval was requested for; null where its item cannot be read. */
export function passOfItem(item: string): Pass | null {
  const about = parsed(item);
  return about === null ? null : passOf({ ...about, event: 'incident', response: null });
}

function withoutWaiting(about: Readonly<Record<string, unknown>>): unknown {
  const whole = decisionSchema.safeParse(about);
  if (whole.success) return whole.data;
  const { approval: _, ...rest } = about;
  return rest;
}

function passOf(about: Readonly<Record<string, unknown>>): Pass | null {
  const { data: alert } = alertSchema.safeParse(about.alert);
  if (alert === undefined) return null;
  return (
    passSchema.safeParse({
      event: about.event,
      ...ofAlert(alert),
      analysis: reasonedSchema.safeParse(about.analysis).data ?? null,
      decision: decisionSchema.safeParse(about.decision).data ?? null,
      containment: actSchema.safeParse(about.containment).data ?? null,
      response: actSchema.safeParse(about.response).data ?? null,
    }).data ?? null
  );
}

function ofAlert(alert: Alert): Pick<Pass, 'alertTime' | 'facts' | 'pod'> {
  const { target, time } = alert;
  return {
    alertTime: time,
    facts: factsOf(alert),
    pod: target === null ? null : { namespace: target.namespace, name: target.pod, uid: target.podUid },
  };
}
