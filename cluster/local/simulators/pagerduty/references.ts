import type { Account } from './account.js';

/** How PagerDuty names one thing in another. */
export interface Reference {
  id: string;
  type: string;
  summary: string;
  self: string;
  html_url: string;
}

const FOLDERS = {
  user: 'users',
  service: 'services',
  escalation_policy: 'escalation_policies',
  team: 'teams',
  priority: 'priorities',
  incident: 'incidents',
} as const;

type Kind = keyof typeof FOLDERS;

export const API = 'https://api.pagerduty.com';

export const webOf = ({ subdomain }: Account): string => `https://${subdomain}.pagerduty.com`;

export function reference(account: Account, kind: Kind, { id, name }: { id: string; name: string }): Reference {
  const path = `${FOLDERS[kind]}/${id}`;
  return {
    id,
    type: `${kind}_reference`,
    summary: name,
    self: `${API}/${path}`,
    html_url: `${webOf(account)}/${path}`,
  };
}

/** A reference to what the account has by that id; undefined where it has none. */
export function lookUp(account: Account, kind: 'user' | 'escalation_policy' | 'team' | 'priority', id: string) {
  const lists = {
    user: account.users,
    escalation_policy: account.escalationPolicies,
    team: account.teams,
    priority: account.priorities,
  };
  const found = lists[kind].find((candidate) => candidate.id === id);
  return found === undefined ? undefined : reference(account, kind, found);
}
