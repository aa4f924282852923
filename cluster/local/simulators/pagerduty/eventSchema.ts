/**
 * What `POST /v2/enqueue` takes, after PagerDuty/api-schema: reference/events-v2/openapiv3.json. The lengths and the words
 * of the refusals are what its users report: it refuses a summary that is too long, it does not shorten it
 * (prometheus/alertmanager#1700, dagster-io/dagster#19567, envato/pagerduty#70).
 */
import { z } from 'zod/v4';

const blank = (name: string): string => `'${name}' is missing or blank`;
const text = (name: string): z.ZodString => z.string(`'${name}' must be a string`);
const required = (name: string): z.ZodString => z.string(blank(name)).min(1, blank(name));

const payload = z.object(
  {
    summary: required('payload.summary').max(1024, "'summary' is too long (maximum is 1024 characters)"),
    source: required('payload.source'),
    severity: z.enum(
      ['critical', 'warning', 'error', 'info'],
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    ),
    timestamp: text('payload.timestamp').optional(),
    component: text('payload.component').optional(),
    group: text('payload.group').optional(),
    class: text('payload.class').optional(),
    custom_details: z.record(z.string(), z.unknown(), "'payload.custom_details' must be an object").optional(),
  },
  blank('payload'),
);

const routingKey = required('routing_key')
  .length(32, "Length of 'routing_key' is incorrect (should be 32 characters)")
  .regex(/^[A-Za-z0-9]*$/, "'routing_key' cannot contain non-alphanumeric characters.");
const KEY_TOO_LONG = "'dedup_key' is too long (maximum is 255 characters)";

const links = z.array(z.object({ href: text('links.href'), text: text('links.text').optional() }));
const images = z.array(
  z.object({ src: text('images.src'), href: text('images.href').optional(), alt: text('images.alt').optional() }),
);

const trigger = z.object({
  routing_key: routingKey,
  event_action: z.literal('trigger'),
  dedup_key: text('dedup_key').max(255, KEY_TOO_LONG).optional(),
  client: text('client').optional(),
  client_url: text('client_url').optional(),
  links: links.default([]),
  images: images.default([]),
  payload,
});

const change = z.object({
  routing_key: routingKey,
  event_action: z.enum(['acknowledge', 'resolve']),
  dedup_key: required('dedup_key').max(255, KEY_TOO_LONG),
});

export const event = z.discriminatedUnion('event_action', [trigger, change], {
  error: ({ input }) => {
    const { event_action: action } = input as { event_action?: unknown };
    return typeof action === 'string' && action !== ''
      ? "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"
      : blank('event_action');
  },
});

export type TriggerEvent = z.output<typeof trigger>;
