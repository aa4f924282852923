import { type Output, secret } from '@pulumi/pulumi';
import type { z } from 'zod/v4';
import { type Problem, SettingsError } from './problems';
import { type Configuration, FOREIGN_KEYS, type Host, schema, SECRET_KEYS } from './schema';

/** Which stack this is, as Pulumi says. */
export interface Stack {
  organization: string;
  project: string;
  stack: string;
}

/** The location of the workloads' code, which every alert has. */
export interface InfrastructureContext {
  git_repo: string;
  pulumi_org: string;
  pulumi_project: string;
  pulumi_stack: string;
  esc_environment: string;
  cluster_name: string;
  cluster_provider: string;
}

export interface Settings {
  context: InfrastructureContext;
  digitalOcean: { token: Output<string> };
  pagerDuty: {
    token: Output<string>;
    email: string;
    service: string;
    /** The user that stands for Neo, by id. */
    neoUser: string | undefined;
    hasAlertGrouping: boolean;
  };
  /** Where in the repository Neo looks for the cause; empty: in all of it. */
  code: { directory: string };
  pulumi: { organization: string; accessToken: Output<string> };
  cluster: { name: string; region: string; nodeSize: string; nodeCount: number; version: string };
  address: { domain: string; hostname: string };
  registry: { name: string; isOurs: boolean };
  n8n: { host: Host; image: string | undefined; hasEditor: boolean; appSize: string; databaseSize: string };
  scenarios: { criticalCve: boolean; privilegedPod: boolean };
}

/** What Pulumi hands to a program: full keys (`namespace:key`) to their values, and which of them are secret. */
export interface RawConfiguration {
  values: Record<string, string>;
  isSecret: (key: string) => boolean;
}

/**
 * The settings of this stack.
 * @throws SettingsError with every problem
 */
export function readSettings(raw: RawConfiguration, stack: Stack): Settings {
  const given = ownKeys(raw.values, stack.project);
  const parsed = schema.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap(problemsOf),
    ...SECRET_KEYS.filter((key) => given[key] !== undefined && !raw.isSecret(fullKey(key, stack.project))).map(
      (key) => ({
        key,
        isSecret: true,
        what: 'is a secret and stands in plain text: with fn::secret or --secret it does not.',
      }),
    ),
    ...(parsed.success ? conflicts(parsed.data) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return settingsOf(parsed.data, stack);
}

const fullKey = (key: string, project: string): string => (key.includes(':') ? key : `${project}:${key}`);

/** The project's own keys without their namespace, and those of the providers; keys of others are not our business. */
function ownKeys(values: Record<string, string>, project: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (key.startsWith(`${project}:`)) return [[key.slice(project.length + 1), value]];
      return FOREIGN_KEYS.some((foreign) => foreign === key) ? [[key, value]] : [];
    }),
  );
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ key, what: 'is no key of this program.', isUnknown: true }));
  const key = String(issue.path[0]);
  return [{ key, what: issue.message, isSecret: SECRET_KEYS.some((secretKey) => secretKey === key) }];
}

/** What each key allows and both together do not. */
function conflicts(configuration: Configuration): Problem[] {
  const { domain, hostname, registry, 'n8n-image': image } = configuration;
  const problems: Problem[] = [];
  if (hostname !== undefined && !hostname.endsWith(`.${domain}`))
    problems.push({ key: 'hostname', what: `is not below the domain ${domain}, where its record is made.` });
  if (image !== undefined && !image.startsWith(`registry.digitalocean.com/${registry}/`))
    problems.push({ key: 'n8n-image', what: `is not in the registry ${registry}.` });
  return problems;
}

function settingsOf(given: Configuration, { organization, project, stack }: Stack): Settings {
  const clusterName = given['cluster-name'] ?? dnsLabel(`${project}-${stack}`);
  const pulumiOrganization = given['pulumi-org'] ?? organization;
  return {
    context: {
      git_repo: given['git-repo'],
      pulumi_org: pulumiOrganization,
      pulumi_project: given['pulumi-project'] ?? project,
      pulumi_stack: given['pulumi-stack'] ?? stack,
      esc_environment: given['esc-environment'],
      cluster_name: clusterName,
      cluster_provider: given['cluster-provider'],
    },
    digitalOcean: { token: secret(given['digitalocean:token']) },
    pagerDuty: {
      token: secret(given['pagerduty:token']),
      email: given['pagerduty-email'],
      service: given['pagerduty-service'],
      neoUser: given['pagerduty-neo-user'],
      hasAlertGrouping: given['alert-grouping'],
    },
    code: { directory: given['git-directory'] },
    pulumi: { organization: pulumiOrganization, accessToken: secret(given['pulumi-pat']) },
    cluster: {
      name: clusterName,
      region: given.region,
      nodeSize: given['node-size'],
      nodeCount: given['node-count'],
      version: given['kubernetes-version'],
    },
    address: { domain: given.domain, hostname: given.hostname ?? `n8n-${dnsLabel(stack)}.${given.domain}` },
    registry: { name: given.registry, isOurs: given['registry-create'] },
    n8n: {
      host: given['n8n-host'],
      image: given['n8n-image'],
      hasEditor: given['n8n-editor'],
      appSize: given['app-size'],
      databaseSize: given['database-size'],
    },
    scenarios: { criticalCve: given['scenario-critical-cve'], privilegedPod: given['scenario-privileged-pod'] },
  };
}

/** A stack's name may hold what a host's or a cluster's may not. */
const dnsLabel = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
