import type { Alert } from '../incident/alert';
import type { FoundContext } from '../incident/context';
import { CODE_EXECUTION } from './playbookEntries';

/** Kinds whose pods get a replacement when they are isolated. Others only by name in the ResponsePolicy. */
const ALWAYS = ['ReplicaSet'];

/**
 * Whether the administrator wants this pod isolated before anybody has reasoned about the alert. Whether it may be is
 * policy's to say, as for every other action.
 */
export function wantsContainFirst({ rule }: Alert, { namespace, pod, policy }: FoundContext): boolean {
  if (policy.status !== 'read') return false;
  const { namespaces, rules, kinds } = policy.configuration.containFirst;
  const named = rules.length > 0 ? rules.includes(rule) : CODE_EXECUTION.has(rule);
  return named && namespaces.includes(namespace.name) && [...ALWAYS, ...kinds].includes(pod.owner?.kind ?? 'Pod');
}
