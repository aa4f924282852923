import type { Alert } from '../incident/alert';
import type { FoundContext } from '../incident/context';
import { answerTo } from './playbook';

/** Kinds whose pods are replaced when they are isolated. Other kinds only if the ResponsePolicy names them. */
const ALWAYS = ['ReplicaSet'];

/**
 * Whether the administrator wants this pod isolated before the alert is analysed. As for every other action, the
 * decision policy checks whether it may be.
 */
export function wantsContainFirst(alert: Alert, context: FoundContext): boolean {
  const { namespace, pod, policy } = context;
  if (policy.status !== 'read') return false;
  const { namespaces, rules, kinds } = policy.configuration.containFirst;
  const named = rules.length > 0 ? rules.includes(alert.rule) : answerTo(alert, context).containFirst;
  return named && namespaces.includes(namespace.name) && [...ALWAYS, ...kinds].includes(pod.owner?.kind ?? 'Pod');
}
