import { z } from 'zod/v4';

/** Where the n8n runs that PagerDuty's webhook reaches. */
export type Host = 'cluster' | 'app-platform';

const MISSING = 'is missing.';

/** A text that has to be there, in a form that `hint` tells. */
const text = (form: RegExp, hint: string) =>
  z.string({ error: MISSING }).trim().min(1, MISSING).regex(form, `has not the form of ${hint}.`);

const line = (hint: string) => text(/^[^\r\n]+$/, hint);

const optional = (form: RegExp, hint: string) => text(form, hint).optional();

const flag = z.enum(['true', 'false'], { error: 'is neither true nor false.' }).transform((value) => value === 'true');

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number.')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}.`);

const DNS_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

/** Keys of other namespaces than the project's own, with their namespace. */
export const FOREIGN_KEYS = ['digitalocean:token', 'pagerduty:token'] as const;

export const SECRET_KEYS = [...FOREIGN_KEYS, 'pulumi-pat'] as const;

/** The stack's configuration as a person writes it. Defaults are what a small workshop needs. */
export const schema = z.strictObject({
  'digitalocean:token': line('a DigitalOcean API token').regex(
    /^\S{32,}$/,
    'has not the form of a DigitalOcean API token.',
  ),
  'pagerduty:token': text(/^[\w+-]{20,}$/, 'a PagerDuty REST API key'),
  'pagerduty-email': text(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an e-mail address'),
  'pulumi-pat': text(/^pul-\w+$/, 'a Pulumi access token (pul-…)'),

  // The infrastructure context, which every alert has. Organization, project and stack are this stack's own unless
  // the workloads' code belongs to another stack.
  // Every alert has it, and PagerDuty keeps it: a login in it would be visible to everybody.
  'git-repo': text(/^(https?:\/\/|ssh:\/\/|git@)\S+$/, 'a Git URL').regex(
    /^(?!https?:\/\/[^/]*@)(?!ssh:\/\/[^/@]*:[^/]*@)/,
    'has a login in it, which every alert would show. Neo has its own access to the repository.',
  ),
  // In a fork of this repository the program is in one folder and what it deploys in another: all of it, unless it is set.
  'git-directory': z
    .string()
    .trim()
    .regex(/^[^\r\n]*$/, 'has not the form of a folder.')
    .default(''),
  'esc-environment': text(
    /^[\w.-]+(\/[\w.-]+){0,2}$/,
    'an ESC environment (project/name or organization/project/name)',
  ),
  'pulumi-org': line('a name').optional(),
  'pulumi-project': line('a name').optional(),
  'pulumi-stack': line('a name').optional(),
  'cluster-name': optional(
    /^[a-z]([a-z0-9-]{0,58}[a-z0-9])?$/,
    "a cluster's name (lower-case letters, digits, dashes)",
  ),
  'cluster-provider': line('a name').default('digitalocean'),

  region: text(/^[a-z]{3}\d$/, 'a region such as fra1').default('fra1'),
  'node-size': text(/^[a-z0-9.-]+$/, 'a Droplet size such as s-4vcpu-8gb').default('s-4vcpu-8gb'),
  'node-count': whole(1, 10).default(2),
  'kubernetes-version': text(
    /^1\.\d+(\.\d+-do\.\d+)?$/,
    "a minor version such as 1.34, or one of DigitalOcean's exact versions such as 1.34.1-do.0",
  ).default('1.34'),

  // The name under which PagerDuty reaches n8n. It is chosen, not discovered: PagerDuty issues the signing secret for a
  // known URL, and n8n needs that secret when it starts.
  domain: text(DNS_NAME, 'a domain whose zone is at DigitalOcean'),
  hostname: optional(DNS_NAME, 'a host name'),
  'n8n-host': z.enum(['cluster', 'app-platform'], { error: 'is neither cluster nor app-platform.' }).default('cluster'),
  'n8n-image': optional(
    /^registry\.digitalocean\.com\/[a-z][a-z0-9-]*\/[a-z0-9/_-]+:(?!latest$)[\w.-]+$/,
    "an image in DigitalOcean's registry with a fixed tag, which push-image.sh sets",
  ),
  'n8n-editor': flag.default(false),
  registry: text(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/, "a registry's name, unique across DigitalOcean"),
  'registry-create': flag.default(true),
  'app-size': text(/^apps-[a-z0-9.-]+$/, 'an App Platform size such as apps-s-1vcpu-2gb').default('apps-s-1vcpu-2gb'),
  'database-size': text(/^db-[a-z0-9.-]+$/, 'a database size such as db-s-1vcpu-1gb').default('db-s-1vcpu-1gb'),

  // Unique in its account: of several stacks there each needs another.
  'pagerduty-service': line('a name').default('Kubernetes Security Incidents'),
  'pagerduty-neo-user': optional(/^[A-Z0-9]{7,14}$/, 'the id of a PagerDuty user'),
  'alert-grouping': flag.default(true),
  'scenario-critical-cve': flag.default(false),
  'scenario-privileged-pod': flag.default(false),
});

export type Configuration = z.infer<typeof schema>;
