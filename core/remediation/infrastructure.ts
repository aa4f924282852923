import { isListed, isSame, parseRepository, type Repository, written } from './repository';

/**
 * The fields with which a deployment names the location of a workload's code; custom fields of Falcosidekick and
 * Alertmanager.
 */
export const INFRASTRUCTURE = [
  'git_repo',
  'pulumi_org',
  'pulumi_project',
  'pulumi_stack',
  'esc_environment',
  'cluster_name',
  'cluster_provider',
] as const;
export type Infrastructure = Partial<Record<(typeof INFRASTRUCTURE)[number], string>>;

/** A Pulumi stack as Neo's entities name it: without its organization, which is always the task's. */
export interface Stack {
  name: string;
  project: string;
}

/** Where Neo is to work, and which given values are not used. */
export interface TaskPlace {
  /** The values in the prompt: the alert's, or the workflow's if the alert has none. */
  infrastructure: Infrastructure;
  repository: Repository | null;
  stack: Stack | null;
  /** The given values that are not used, each with its reason. */
  skipped: string[];
}

interface Limits {
  /** The organization of the credential; Neo has no access to stacks of others. */
  organization: string;
  /** Repositories that an alert may name: `github.com/acme/*`. The workflow's own default need not be listed. */
  repositories: readonly string[];
  /**
   * Stacks of that organization that an alert may name: `shop/prod`, `platform/*`. The workflow's own need not be
   * listed.
   */
  stacks: readonly string[];
  /** ESC environments that an alert may name, in the same form: `workshops/security`. */
  environments: readonly string[];
}

/**
 * The location of the code behind an alert. Everyone who may label a workload or send to PagerDuty can write an alert's
 * fields, so a repository, stack or ESC environment in them counts only if the workflow lists it: an attacker must not
 * direct Neo to other code.
 */
export function placeOf(said: Readonly<Record<string, string>>, defaults: Infrastructure, limits: Limits): TaskPlace {
  const skipped: string[] = [];
  const repository = repositoryOf(said.git_repo, defaults.git_repo, limits, skipped);
  const own = parseRepository(defaults.git_repo ?? '');
  // The workflow's own stack belongs to its own repository, and to no other.
  const isOwn = !isSaid(said.git_repo) || (repository !== null && own !== null && isSame(repository, own));
  const infrastructure = merged(said, isOwn ? defaults : {});
  if (repository === null) delete infrastructure.git_repo;
  else infrastructure.git_repo = written(repository);
  const named = stackOf(infrastructure, limits, skipped);
  const stack = named !== null && isStackAllowed(named, defaults, limits, skipped) ? named : null;
  const environment = environmentOf(infrastructure, defaults, limits, skipped);
  return { infrastructure: shown(infrastructure, stack, environment, defaults), repository, stack, skipped };
}

/** The prompt names no stack, project or environment that is not used. */
function shown(
  infrastructure: Infrastructure,
  stack: Stack | null,
  environment: string | undefined,
  defaults: Infrastructure,
): Infrastructure {
  const { pulumi_stack: name, pulumi_project: project, esc_environment: _named, ...rest } = infrastructure;
  return {
    ...rest,
    ...(stack === null || name === undefined ? {} : { pulumi_stack: name }),
    ...(project !== undefined && (stack !== null || project === defaults.pulumi_project)
      ? { pulumi_project: project }
      : {}),
    ...(environment === undefined ? {} : { esc_environment: environment }),
  };
}

function merged(said: Readonly<Record<string, string>>, defaults: Infrastructure): Infrastructure {
  const entries = INFRASTRUCTURE.map((name) => [name, [said[name], defaults[name]].find(isSaid)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Infrastructure;
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/**
 * If the alert names a repository that is not listed, no repository is used: the workflow's own would be the wrong one.
 */
function repositoryOf(
  said: string | undefined,
  byDefault: string | undefined,
  { repositories }: Limits,
  skipped: string[],
): Repository | null {
  const own = isSaid(byDefault) ? parseRepository(byDefault) : null;
  if (own === null && isSaid(byDefault)) skipped.push(`the workflow's git_repo "${byDefault}" is not a repository`);
  if (!isSaid(said)) return own;
  const named = parseRepository(said);
  if (named === null) skipped.push(`the alert's git_repo "${said}" is not a repository`);
  else if (isListed(named, [...repositories, ...(own === null ? [] : [written(own)])])) return named;
  else skipped.push(`the alert's repository ${written(named)} is not one that the workflow lists`);
  return null;
}

const STACK_PART = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/** `stack`, `project/stack` or `org/project/stack`, as Pulumi writes them. */
function stackOf(infrastructure: Infrastructure, { organization }: Limits, skipped: string[]): Stack | null {
  const { pulumi_org: org, pulumi_stack: text, pulumi_project: named } = infrastructure;
  if (text === undefined) return null;
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const project = parts.at(-2) ?? named ?? '';
  const owner = parts.at(-3) ?? org ?? organization;
  if (owner !== organization) skipped.push(`the stack ${text} belongs to ${owner}, but Neo works for ${organization}`);
  else if (parts.length <= 3 && STACK_PART.test(name) && STACK_PART.test(project)) return { name, project };
  else skipped.push(`the stack "${text}" of project "${project}" is not the name of a Pulumi stack`);
  return null;
}

function isStackAllowed(stack: Stack, defaults: Infrastructure, limits: Limits, skipped: string[]): boolean {
  const own = stackOf(defaults, limits, []);
  const path = `${stack.project}/${stack.name}`;
  if (isPathListed(path, [...limits.stacks, ...(own === null ? [] : [`${own.project}/${own.name}`])])) return true;
  skipped.push(`the alert's stack ${path} is not one that the workflow lists`);
  return false;
}

/** `project/name` or `org/project/name`; the organization may be left out. */
function environmentOf(
  { esc_environment: named }: Infrastructure,
  { esc_environment: own }: Infrastructure,
  { organization, environments }: Limits,
  skipped: string[],
): string | undefined {
  if (named === undefined || named === own) return named;
  const path = (text: string): string =>
    text.startsWith(`${organization}/`) ? text.slice(organization.length + 1) : text;
  const parts = path(named).split('/');
  const isOne = parts.length === 2 && parts.every((part) => STACK_PART.test(part));
  if (isOne && isPathListed(path(named), [...environments, own ?? ''].map(path))) return named;
  skipped.push(
    isOne
      ? `the alert's ESC environment ${named} is not one that the workflow lists`
      : `the alert's ESC environment "${named}" is not the name of one`,
  );
  return undefined;
}

/** Whether a list contains `project/name`, with `*` for the whole name. Pulumi's names are case-sensitive. */
const isPathListed = (path: string, list: readonly string[]): boolean =>
  list.includes(path) || list.includes(`${path.split('/')[0] ?? ''}/*`);
