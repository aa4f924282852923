import { type RightAsked, rightText } from '../../core/facts/rights.js';
import type { Case } from '../case.js';

type Rights = NonNullable<NonNullable<Case['cluster']>['rights']>;

/** What an API server with these rights answers: a right in the whole cluster is one in each namespace. */
export function isGranted(rights: Rights, right: RightAsked): boolean {
  const granted = right.scope === 'cluster' ? rights.cluster : [...rights.namespace, ...rights.cluster];
  const [verb = '', resource = ''] = rightText(right).split(' ');
  return granted.some((text) => {
    const [grantedVerb, grantedResource] = text.split(' ');
    return matches(grantedVerb, verb) && matches(grantedResource, resource);
  });
}

/** A wildcard grants everything; only a wildcard grants a wildcard. */
function matches(granted: string | undefined, asked: string): boolean {
  return granted === '*' || granted === asked;
}
