import type { RepositoryEntity } from './events';

/** A Git repository, in the parts by which Neo and pull requests name it. */
export interface Repository {
  host: string;
  /** The owner; on GitLab with its groups: `group/subgroup`. */
  org: string;
  name: string;
}

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;
const SEGMENT = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
const MOST_GROUPS = 8;

/**
 * Reads `https://host/org/name(.git)`, `git@host:org/name.git`, `ssh://…`, `host/org/name` and `org/name` (GitHub).
 * Null for whatever is none of these: such a text is shown to a person and never handed on as a repository.
 */
export function parseRepository(text: string): Repository | null {
  const trimmed = text
    .trim()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const path = trimmed
    .replace(/^(?:https|ssh|git):\/\//, '')
    .replace(/^git@([^/:]+):/, '$1/')
    .replace(/^git@/, '');
  const parts = path.split('/');
  if (parts.length === 2 && path === trimmed) return repository('github.com', parts);
  const [host = '', ...rest] = parts;
  return repository(host.toLowerCase(), rest);
}

function repository(host: string, parts: readonly string[]): Repository | null {
  const groups = parts.slice(0, -1);
  const name = parts.at(-1) ?? '';
  const valid = HOST.test(host) && groups.length >= 1 && groups.length <= MOST_GROUPS && parts.every(isSegment);
  return valid ? { host, org: groups.join('/'), name } : null;
}

function isSegment(part: string): boolean {
  return SEGMENT.test(part);
}

/** Hosts that Neo knows by a name of their own. */
export const FORGES: Readonly<Record<string, string>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucket',
};

/** A repository as Neo names it. */
export function repositoryOf({ forge, host, org, name }: RepositoryEntity): Repository {
  const byForge = Object.entries(FORGES).find(([, known]) => known === forge)?.[0];
  return { host: host ?? byForge ?? 'github.com', org, name };
}

export function isSame(one: Repository, other: Repository): boolean {
  return written(one).toLowerCase() === written(other).toLowerCase();
}

/** GitHub's and Gitea's form, and those of the hosts that have another. */
export function pullRequestUrl(repository: Repository, number: number): string {
  const path = { 'gitlab.com': '-/merge_requests', 'bitbucket.org': 'pull-requests' }[repository.host] ?? 'pull';
  return `https://${written(repository)}/${path}/${number}`;
}

export function written({ host, org, name }: Repository): string {
  return `${host}/${org}/${name}`;
}

/**
 * Whether a repository is one of those that a list names, each as `host/org/name`, with `*` for the whole last part:
 * `github.com/acme/*`. Hosts and names are compared without regard to case, as Git hosts do.
 */
export function isListed(repository: Repository, list: readonly string[]): boolean {
  const wanted = written(repository).toLowerCase();
  return list.some((entry) => {
    const named = entry.toLowerCase();
    return named.endsWith('/*') ? wanted.startsWith(named.slice(0, -1)) : wanted === named;
  });
}

/** Paths at which the Git hosts show a pull request (GitHub and Gitea, GitLab, Bitbucket). */
const PULL_REQUEST = /^\/(?:pull|pulls|-\/merge_requests|pull-requests)\/\d{1,9}\/?$/;

const URLS = /https:\/\/[^\s<>()[\]"'`]{1,500}/g;

/** The last pull request of exactly this repository that a text links to; links to others are passed over. */
export function pullRequestIn(text: string, repository: Repository): string | null {
  const found = [...text.matchAll(URLS)].map(([url]) => url.replace(/[.,;:!?]+$/, ''));
  return found.filter((url) => isPullRequest(url, repository)).at(-1) ?? null;
}

function isPullRequest(text: string, repository: Repository): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const base = `/${repository.org}/${repository.name}`.toLowerCase();
  return (
    url.host === repository.host &&
    url.username === '' &&
    url.pathname.toLowerCase().startsWith(base) &&
    PULL_REQUEST.test(url.pathname.slice(base.length))
  );
}
