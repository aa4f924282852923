import { z } from 'zod/v4';

import { PipelineError } from '../../errors';
import type { Alert, Scalar } from '../alert';
import { infrastructureOf, LIMITS, prefixed, presentableFields } from '../fields';

const record = z.record(z.string(), z.unknown());

/**
 * An incident's alerts as PagerDuty's REST API (version 2) gives them: GET /incidents/{id}/alerts. What the detector sent
 * as `custom_details` stands in `body.details`, and in `body.cef_details.details` where PagerDuty translated the event.
 */
const alertsSchema = z.array(
  z.looseObject({
    id: z.string(),
    summary: z.string().nullish(),
    severity: z.string().nullish(),
    status: z.string().nullish(),
    created_at: z.string().nullish(),
    body: z.looseObject({ details: z.unknown(), cef_details: z.unknown() }).nullish(),
  }),
);
type IncidentAlert = z.infer<typeof alertsSchema>[number];

/** A group can hold thousands of the same; the first tell what it is about. */
const MOST_ALERTS = 10;
/** Characters of all they say: it goes into the incident's claim and into Neo's prompt. */
const MOST_TEXT = 64_000;

/**
 * The alert of a PagerDuty incident with what the incident's own alerts say: where the code lives, and their details.
 * They give it no target: whoever holds a routing key may write them.
 * @throws PipelineError `bad_item` when they are not of PagerDuty's form.
 */
export function withIncidentAlerts(alert: Alert, answer: unknown): Alert {
  const result = alertsSchema.safeParse(answer);
  if (!result.success)
    throw new PipelineError(
      'bad_item',
      `the incident’s alerts are not as PagerDuty gives them: ${result.error.message}`,
      {
        nextStep:
          'Put the list `alerts` of PagerDuty’s answer to GET /incidents/{id}/alerts into the key incidentAlerts.',
        incidentId: alert.id,
      },
    );
  const alerts = result.data;
  const details = alerts.slice(0, MOST_ALERTS).map(detailsOf);
  const about = alerts
    .slice(0, MOST_ALERTS)
    .map((one, index) =>
      prefixed(`alert ${index + 1}`, { ...told(one), ...withoutInfrastructure(details[index] ?? {}) }),
    );
  return {
    ...alert,
    infrastructure: infrastructureOfAll(details),
    fields: {
      ...alert.fields,
      'incident.alerts': alerts.length,
      ...bounded(presentableFields(about.reduce((all, one) => ({ ...all, ...one }), {}))),
    },
  };
}

/** Where they differ, the first alert's word counts. */
function infrastructureOfAll(details: readonly Readonly<Record<string, unknown>>[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of details.flatMap((one) => Object.entries(infrastructureOf(one))))
    if (!all.has(name) && all.size < LIMITS.infrastructure) all.set(name, value);
  return Object.fromEntries(all);
}

/** The first of them, as many as have room together. */
function bounded(fields: Readonly<Record<string, Scalar>>): Record<string, Scalar> {
  let room = MOST_TEXT;
  const entries = Object.entries(fields).filter(([name, value]) => {
    room -= name.length + String(value).length;
    return room >= 0;
  });
  return Object.fromEntries(entries);
}

function told({ summary, severity, status, created_at: createdAt }: IncidentAlert): Record<string, unknown> {
  return { summary, severity, status, created_at: createdAt };
}

/** The detector's own fields, whichever way PagerDuty kept them. */
function detailsOf({ body }: IncidentAlert): Record<string, unknown> {
  const translated = named('cef_details', body?.cef_details);
  return { ...named('cef_details', translated.details ?? translated.cef_details), ...named('details', body?.details) };
}

/** What is an object gives its fields; a text or a list, which e-mail and other integrations send, is one field. */
function named(name: string, said: unknown): Record<string, unknown> {
  const { success, data } = record.safeParse(said);
  if (success) return data;
  return said === undefined || said === null || said === '' ? {} : { [name]: said };
}

function withoutInfrastructure(details: Record<string, unknown>): Record<string, unknown> {
  const named = new Set(Object.keys(infrastructureOf(details)));
  return Object.fromEntries(Object.entries(details).filter(([name]) => !named.has(name)));
}
