import type { Alert } from '../incident/alert';

/** Rules of Falco's stable set that fire only for a process with the rights to leave its container. */
const ESCAPES: ReadonlySet<string> = new Set([
  'Detect release_agent File Container Escapes',
  'Linux Kernel Module Injection Detected',
  'Debugfs Launched in Privileged Container',
]);

/** Whether an alert means that code may have reached the pod's node, where isolating the pod does not contain it. */
export function meansEscape({ source, rule }: Pick<Alert, 'source' | 'rule'>): boolean {
  return source === 'falco' && ESCAPES.has(rule);
}
