import { z } from 'zod/v4';

import { visible } from '../text/sanitize';
import { type Draft, ownFields } from './draft';
import { fewElements, LIMITS } from './limits';
import { isPagerDutyV2, refuseV2 } from './pagerDutyV2';
import { oneDraft, skipped, type Source } from './source';
import { subjectOf } from './subject';

const reference = z.object({ id: z.string(), summary: z.string().nullish() }).nullish();

/**
 * An event that opens or resolves an incident. The schema starts at the body, so that an error names the field by its
 * path in the body.
 */
const incidentSchema = z.object({
  event: z.object({
    data: z.object({
      // It becomes part of the URLs with which the incident is read and changed.
      id: z.string().regex(/^[A-Za-z0-9]{1,64}$/, "is not an incident's id"),
      html_url: z.string().nullish(),
      number: z.number().nullish(),
      status: z.string(),
      incident_key: z.string().nullish(),
      created_at: z.string().nullish(),
      title: z.string(),
      service: reference,
      priority: reference,
      urgency: z.string().nullish(),
      assignees: fewElements(z.object({ id: z.string() })).nullish(),
      escalation_policy: reference,
    }),
  }),
});

/** A V3 webhook (developer.pagerduty.com, "Webhooks Overview"): one event per body. */
const payloadSchema = z.object({
  event: z.object({
    id: z.string().min(1),
    event_type: z.string().min(1),
    occurred_at: z.iso.datetime({ offset: true }),
    data: z.unknown(),
  }),
});
type PagerDutyEvent = z.infer<typeof payloadSchema>['event'];

/** Events that open or resolve an incident. All others are about responders and their notes. */
const STATUS: ReadonlyMap<string, 'firing' | 'resolved'> = new Map([
  ['incident.triggered', 'firing'],
  ['incident.reopened', 'firing'],
  ['incident.resolved', 'resolved'],
]);

/** PagerDuty has two urgencies, and priorities that each account names freely. */
const PRIORITY: ReadonlyMap<string, string> = new Map([
  ['high', 'critical'],
  ['low', 'warning'],
]);

/** Incidents of PagerDuty. Their content is in the incident's alerts, which the webhook does not contain. */
export const pagerDuty = {
  id: 'pagerduty',
  label: 'PagerDuty',
  noun: 'PagerDuty alert',
  format: 'PagerDuty V3 webhook',
  sender: 'pagerDuty',
  recognises: (body) => 'event' in body || isPagerDutyV2(body),
  read: (body) => {
    if (isPagerDutyV2(body)) refuseV2(body);
    const { event } = payloadSchema.parse(body);
    if (event.event_type === 'pagey.ping') return skipped('a test of the webhook: it arrived with a valid signature');
    const status = STATUS.get(event.event_type);
    if (status === undefined)
      return skipped(
        `events of the type ${visible(event.event_type, LIMITS.key)} neither open nor resolve an incident`,
      );
    return oneDraft(toDraft(event, status));
  },
} as const satisfies Source;

function toDraft(event: PagerDutyEvent, status: 'firing' | 'resolved'): Draft {
  const incident = incidentSchema.parse({ event }).event.data;
  return {
    // A reopened incident must be looked at again, so it becomes a new incident.
    event: ['pagerduty', incident.id, event.event_type === 'incident.reopened' ? event.id : ''],
    status,
    rule: 'PagerDuty incident',
    priority: PRIORITY.get(incident.urgency ?? '') ?? '',
    time: event.occurred_at,
    target: { problem: 'a PagerDuty webhook does not bring the alerts that name it' },
    subject: subjectOf('PagerDuty service', incident.service?.summary) ?? subjectOf('PagerDuty incident', incident.id),
    fields: ownFields({
      'event.id': event.id,
      'event.type': event.event_type,
      'incident.id': incident.id,
      'incident.number': incident.number,
      'incident.status': incident.status,
      // The name avoids masking as a secret: the value is the key with which PagerDuty deduplicates events.
      'incident.dedup_id': incident.incident_key,
      'incident.url': incident.html_url,
      'incident.urgency': incident.urgency,
      'incident.priority': incident.priority?.summary,
      'incident.created_at': incident.created_at,
      // The users to whom the incident is reassigned if nobody else could resolve it.
      'incident.assignees': incident.assignees?.map(({ id }) => id).join(','),
      'incident.escalation_policy': incident.escalation_policy?.id,
      'service.id': incident.service?.id,
      'service.name': incident.service?.summary,
    }),
    output: incident.title,
    grouping: `pagerduty/${incident.id}`,
  };
}
