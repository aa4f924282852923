import type { RepositoryEntity } from './events';

/** A Git repository, in the parts that Neo and pull requests use to name it. */
export interface Repository {
  host: string;
  /** The owner; on GitLab including its groups: `group/subgroup`. */
  org: string;
  name: string;
}

/** A host name, not an address: its last label begins with a letter. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** No segment that a shell reads as an option, a path as its parent, or GitLab as its own pages (`-`). */
const SEGMENT = /^(?!\.{1,2}$)(?!-)[\w.-]{1,100}$/;
const MOST_GROUPS = 8;
const LONGEST = 512;
/** Hosts without nested groups: a deeper path there is a page of a repository. */
const FLAT_HOSTS: ReadonlySet<string> = new Set(['github.com', 'bitbucket.org']);

const SHORT = /^[^/.:@]+\/[^/]+$/;
const SCP = /^git@([^/:]+):(.+)$/;
const URL_OR_PATH = /^(?:https:\/\/|git:\/\/|ssh:\/\/(?:git@)?)?([^/]+)\/(.+)$/;

/**
 * Reads `https://host/org/name(.git)`, `git@host:org/name.git`, `ssh://…`, `host/org/name` and `org/name` (GitHub).
 * Null for any other text: it is shown to a person and never passed on as a repository.
 */
export function parseRepository(text: string): Repository | null {
  const trimmed = text
    .trim()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  if (SHORT.test(trimmed)) return repository('github.com', trimmed.split('/'));
  const [, host = '', path = ''] = SCP.exec(trimmed) ?? URL_OR_PATH.exec(trimmed) ?? [];
  return repository(host.toLowerCase(), path.split('/'));
}

function repository(host: string, parts: readonly string[]): Repository | null {
  const groups = parts.slice(0, -1);
  const read = { host, org: groups.join('/'), name: parts.at(-1) ?? '' };
  const most = FLAT_HOSTS.has(host) ? 1 : MOST_GROUPS;
  const valid =
    HOST.test(host) &&
    groups.length >= 1 &&
    groups.length <= most &&
    parts.every((part) => SEGMENT.test(part)) &&
    !/\.git$/i.test(read.name) &&
    written(read).length <= LONGEST;
  return valid ? read : null;
}

/** Hosts for which Neo uses a name of its own. */
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

/** The form of GitHub and Gitea, or that of a host with another form. */
export function pullRequestUrl(repository: Repository, number: number): string {
  const path = { 'gitlab.com': '-/merge_requests', 'bitbucket.org': 'pull-requests' }[repository.host] ?? 'pull';
  return `https://${written(repository)}/${path}/${number}`;
}

export function written({ host, org, name }: Repository): string {
  return `${host}/${org}/${name}`;
}

/** Hosts and names are compared case-insensitively, as Git hosts do. */
export function isSame(one: Repository, other: Repository): boolean {
  return written(one).toLowerCase() === written(other).toLowerCase();
}

/**
 * Whether a list contains a repository, each as `host/org/name`, with `*` for the whole last part: `github.com/acme/*`.
 * It matches one part only: each subgroup of GitLab must be listed, because otherwise everyone who may create a
 * subgroup could extend the list.
 */
export function isListed(repository: Repository, list: readonly string[]): boolean {
  const wanted = written(repository).toLowerCase();
  const all = `${wanted.slice(0, wanted.lastIndexOf('/'))}/*`;
  return list.some((entry) => [wanted, all].includes(entry.toLowerCase()));
}

/** Paths of pull requests on the Git hosts (GitHub and Gitea, GitLab, Bitbucket). */
const PULL_REQUEST = /^\/(?:pull|pulls|-\/merge_requests|pull-requests)\/\d{1,9}\/?$/;

/** Visible ASCII: a text may continue after a link with other letters and symbols. */
const URLS = /https:\/\/[^\s<>()[\]"'`\u0080-\uffff]{1,500}/g;
/** Characters that a sentence or Markdown adds after a link. */
const BEHIND = /[.,;:!?*_~|\\}]+$/;

/** The last pull request of exactly this repository that a text links to; links to other repositories are ignored. */
export function pullRequestIn(text: string, repository: Repository): string | null {
  const found = [...text.matchAll(URLS)].map(([url]) => pullRequest(url.replace(BEHIND, ''), repository));
  return found.filter((url) => url !== null).at(-1) ?? null;
}

function pullRequest(text: string, repository: Repository): string | null {
  if (!URL.canParse(text)) return null;
  const { host, username, password, origin, pathname } = new URL(text);
  const base = `/${repository.org}/${repository.name}`.toLowerCase();
  const isOne =
    host === repository.host &&
    username === '' &&
    password === '' &&
    pathname.toLowerCase().startsWith(base) &&
    PULL_REQUEST.test(pathname.slice(base.length));
  return isOne ? `${origin}${pathname.replace(/\/$/, '')}` : null;
}
