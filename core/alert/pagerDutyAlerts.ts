import { z } from 'zod/v4';

import { PipelineError } from '../errors';
import type { Alert, Scalar } from '../incident/alert';
import { type Finding, findingSchema } from '../incident/finding';
import { type DraftField, prefixed } from '../sources/draft';
import { infrastructureOf } from '../sources/fields';
import { firstEntries, LIMITS } from '../sources/limits';
import { runSteps, type Steps } from '../steps';
import { visible } from '../text/sanitize';
import { findingOf, ownFinding } from './finding';
import { cefTexts, detailsOf } from './pagerDutyDetails';
import { sanitizeFields } from './sanitizeAlert';

/**
 * An incident's alerts as PagerDuty's REST API (version 2) returns them: GET /incidents/{id}/alerts. The detector's
 * `custom_details` are in `body.details`, and in `body.cef_details.details` if PagerDuty translated the event.
 */
const alertsSchema = z.array(
  z.object({
    id: z.string(),
    summary: z.string().nullish(),
    severity: z.string().nullish(),
    status: z.string().nullish(),
    created_at: z.string().nullish(),
    body: z.object({ details: z.unknown(), cef_details: z.unknown() }).nullish(),
  }),
);
type IncidentAlert = z.infer<typeof alertsSchema>[number];

const sentSchema = z.object({
  incident_source: z.string().max(64),
  incident_id: z.string().max(128),
  finding: findingSchema.shape.key.nullish(),
  finding_event: findingSchema.shape.event.optional(),
});

/** A group can contain thousands of equal alerts; the first ones show what it is about. */
const MOST_ALERTS = 10;
/** Characters of all their texts together: they go into the incident's claim and into Neo's prompt. */
const MOST_TEXT = 64_000;

/**
 * The alert of a PagerDuty incident, extended with the incident's own alerts: the location of the code, and their
 * details. They give it no target, because every holder of a routing key can write them.
 * @throws PipelineError `bad_item` when they do not have PagerDuty's format.
 */
export function withIncidentAlerts(alert: Alert, answer: unknown): Alert {
  return runSteps(incidentAlertSteps(alert, answer));
}

/** Same as withIncidentAlerts, in steps. */
export function* incidentAlertSteps(alert: Alert, answer: unknown): Steps<Alert> {
  const count = Array.isArray(answer) ? answer.length : 0;
  const { success, data, error } = alertsSchema.safeParse(
    Array.isArray(answer) ? answer.slice(0, MOST_ALERTS) : answer,
  );
  if (!success)
    throw new PipelineError(
      'bad_item',
      `the incident's alerts do not have PagerDuty's format: ${visible(error.message.slice(0, 1000), 1000)}`,
      {
        nextStep:
          "Put the list `alerts` of PagerDuty's response to GET /incidents/{id}/alerts into the key incidentAlerts.",
        incidentId: alert.id,
      },
    );
  const located = data.map((one) => detailsOf(one).map(infrastructureOf));
  const about = data.flatMap((one, index) => aboutOne(one, index, located[index] ?? []));
  const { infrastructure, fields } = yield* sanitizeFields(about, infrastructureOfAll(located.flat()));
  const finding = count === data.length ? findingOfAll(data) : null;
  return {
    ...alert,
    ...(finding === null ? {} : { finding }),
    infrastructure,
    fields: { ...alert.fields, 'incident.alerts': count, ...bounded(fields) },
  };
}

/** The finding that all of the incident's alerts report: no alert may give others a finding that they do not report. */
function findingOfAll(alerts: readonly IncidentAlert[]): Finding | null {
  const all = alerts.flatMap(findingsOf);
  const [first] = all;
  if (first == null || all.some((other) => other?.key !== first.key)) return null;
  return all.every((other) => other?.event === first.event) ? first : { ...first, event: null };
}

/** What an alert reports in either of PagerDuty's formats; an alert without details reports no finding. */
function findingsOf(one: IncidentAlert): (Finding | null)[] {
  const said = detailsOf(one).filter((details) => Object.keys(details).length > 0);
  return said.length === 0 ? [null] : said.map(findingOfDetails);
}

/** What the pipeline itself says of its incident (workflows/notify-pagerduty.json), or else Falcosidekick of an event. */
function findingOfDetails(details: Readonly<Record<string, unknown>>): Finding | null {
  const sent = sentSchema.safeParse(details);
  if (!sent.success) return findingOf(details.rule, details);
  const { finding, finding_event, incident_source, incident_id } = sent.data;
  return finding == null ? ownFinding(incident_source, incident_id) : { key: finding, event: finding_event ?? null };
}

/** If they differ, the first alert's value counts. */
function infrastructureOfAll(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of all.flatMap((one) => Object.entries(one)))
    if (!found.has(name) && found.size < LIMITS.infrastructure) found.set(name, value);
  return Object.fromEntries(found);
}

/** The first entries that fit together. */
function bounded(fields: Readonly<Record<string, Scalar>>): Record<string, Scalar> {
  let room = MOST_TEXT;
  const entries = Object.entries(fields).filter(([name, value]) => {
    room -= name.length + String(value).length;
    return room >= 0;
  });
  return Object.fromEntries(entries);
}

/** The fields of one alert without the location of the code. If a field occurs twice, the later one counts. */
function aboutOne(
  one: IncidentAlert,
  index: number,
  located: readonly Readonly<Record<string, string>>[],
): DraftField[] {
  const { summary, severity, status, created_at: createdAt } = one;
  const named = new Set(located.flatMap((infrastructure) => Object.keys(infrastructure)));
  const details = detailsOf(one)
    .toReversed()
    .flatMap((part) => firstEntries(part, LIMITS.fields + 1 + named.size));
  const said = Object.fromEntries([
    ...Object.entries({
      summary,
      severity,
      status,
      created_at: createdAt,
      ...(details.length > 0 ? {} : cefTexts(one)),
    }),
    ...details.filter(([name]) => !named.has(name)),
  ]);
  return prefixed(`alert ${index + 1}`, said);
}
