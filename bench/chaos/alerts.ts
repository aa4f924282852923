import { freshAlert, loadAlert, now } from '../../cluster/local/alerts/alertFiles.js';
import type { Decision } from '../../core/incident/decision.js';
import { pick, type Random } from './seeded.js';

/** The recorded alerts, and what the playbook decides about each. */
export const KINDS: Readonly<Record<string, Decision>> = {
  'pod-quarantine-test': 'quarantine_pod',
  'pod-delete-test': 'delete_pod',
  'escalate-test': 'escalate',
  'test-shell': 'ignore',
};

/** An alert that is to be sent, about a pod of its own, so that it is an incident of its own. */
export interface PlannedAlert {
  kind: string;
  expected: Decision;
  namespace: string;
  pod: string;
}

/** So many alerts, each of one of the kinds by chance, over namespaces by turns. */
export function planAlerts(
  random: Random,
  count: number,
  namespaces: readonly string[],
  kinds: Readonly<Record<string, Decision>> = KINDS,
): PlannedAlert[] {
  return Array.from({ length: count }, (_, index) => {
    const [kind, expected] = pick(random, Object.entries(kinds));
    return { kind, expected, namespace: namespaces[index % namespaces.length] ?? '', pod: `pod-${index}` };
  });
}

/** The body that Falcosidekick posts. */
export async function bodyOf({ kind, namespace, pod }: PlannedAlert, uid: string): Promise<string> {
  const alert = await loadAlert(kind);
  alert.output_fields['k8s.ns.name'] = namespace;
  alert.output_fields['k8s.pod.name'] = pod;
  return freshAlert(alert, now(uid));
}
