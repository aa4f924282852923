/** The account that is simulated: who is in it, what sends to it, and where it posts to. */
import { z } from 'zod/v4';

const id = z.string().min(1);

/** PD-CEF's fields, by which alerts can be grouped. */
const groupingField = z.union([
  z.enum(['summary', 'source', 'severity', 'class', 'component', 'group']),
  z.string().startsWith('custom_details.').min('custom_details.x'.length),
]);

export const groupingConfig = z.strictObject({
  aggregate: z.enum(['all', 'any']),
  fields: z.array(groupingField).min(1),
  /** Seconds, rolling: each alert that joins restarts it. */
  time_window: z
    .int()
    .refine((seconds) => (seconds >= 300 && seconds <= 3600) || seconds === 86_400, 'must be 300 to 3600, or 86400'),
});

const user = z.strictObject({ id, name: z.string(), email: z.email() });
const named = z.strictObject({ id, name: z.string() });
const service = z.strictObject({
  id,
  name: z.string(),
  /** Integration keys of Events API v2. */
  routingKeys: z.array(z.string().regex(/^[A-Za-z0-9]{32}$/)),
  escalationPolicy: id,
  teams: z.array(id).default([]),
  urgency: z.enum(['high', 'low']).default('high'),
});
/** `users`: whom its first level assigns to. */
const escalationPolicy = z.strictObject({ id, name: z.string(), users: z.array(id).min(1) });
const grouping = z.strictObject({ id, name: z.string(), config: groupingConfig, services: z.array(id).min(1) });
const webhook = z.strictObject({
  id,
  url: z.url(),
  /** Each signs; there are two while one replaces the other. */
  secrets: z.array(z.string().min(1)).min(1),
  /** Event types; all of them where it is left out. */
  events: z.array(z.string()).optional(),
});

export const account = z.strictObject({
  subdomain: z.string().default('acme'),
  tokens: z.array(z.string()).default(['simulated-pagerduty-token']),
  users: z.array(user).default([
    { id: 'PTUXL6G', name: 'User 123', email: 'on-call@example.com' },
    { id: 'PB0TN8N', name: 'Incident Pipeline', email: 'incident-pipeline@example.com' },
    { id: 'PN30B0T', name: 'Pulumi Neo', email: 'neo@example.com' },
  ]),
  teams: z.array(named).default([{ id: 'PFCVPS0', name: 'Platform' }]),
  priorities: z.array(named).default([{ id: 'PSO75BM', name: 'P1' }]),
  escalationPolicies: z.array(escalationPolicy).default([{ id: 'PUS0KTE', name: 'Default', users: ['PTUXL6G'] }]),
  services: z.array(service).default([
    {
      id: 'PF9KMXH',
      name: 'Kubernetes',
      routingKeys: ['5imu1atedr0ut1ngkey0000000000001'],
      escalationPolicy: 'PUS0KTE',
      teams: ['PFCVPS0'],
      urgency: 'high',
    },
  ]),
  grouping: z.array(grouping).default([]),
  webhooks: z.array(webhook).default([]),
});

export type Account = z.output<typeof account>;
export type AccountSettings = z.input<typeof account>;
export type User = z.output<typeof user>;
export type Service = z.output<typeof service>;
export type Grouping = z.output<typeof grouping>;
export type Webhook = z.output<typeof webhook>;
