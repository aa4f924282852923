import type { FoundContext } from '../../../core/context/context';
import type { Decision } from '../../../core/decision/decision';
import type { Action, Outcome } from '../../../core/response/response';
import type { KubernetesClient } from '../client';

/** A right the action needs in the pod's namespace. manifests/token is held to these by a test. */
export interface Rule {
  apiGroup: '' | 'apps' | 'batch' | 'networking.k8s.io';
  resource: string;
  verbs: readonly string[];
}

export interface ActionInput {
  client: KubernetesClient;
  namespace: string;
  /** The pod as it was read a moment ago; its uid is the alert's. */
  pod: FoundContext['pod'];
  incidentId: string;
  dryRun: boolean;
  now: () => Date;
}

export interface ActionResult {
  outcome: Outcome;
  reason: string;
  checked: string[];
  changed: string[];
  undo: string | null;
}

/** One thing that can be done about a pod. Checks that concern every action are in perform.ts. */
export interface ActionDefinition {
  name: Action;
  /** The decision that permits it; null for an action that takes containment back, which only a person asks for. */
  permittedBy: Extract<Decision, 'delete_pod' | 'quarantine_pod'> | null;
  rbac: readonly Rule[];
  run: (input: ActionInput) => Promise<ActionResult>;
}

/** What every action reads before and after. */
export const READ_TARGET_RBAC: readonly Rule[] = [
  { apiGroup: '', resource: 'pods', verbs: ['get'] },
  { apiGroup: '', resource: 'namespaces', verbs: ['get'] },
];

/** The API server's own rehearsal: it checks rights, validation and admission, and stores nothing. */
export function rehearsal(dryRun: boolean): { dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}
