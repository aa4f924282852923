import type { FoundContext } from '../../../core/context/context';
import type { Decision } from '../../../core/decision/decision';
import type { Action, Outcome } from '../../../core/response/response';
import type { KubernetesClient } from '../client';
import type { Right } from '../rights';

export interface ActionInput {
  client: KubernetesClient;
  namespace: string;
  /** The pod as it was read a moment ago; its uid is the alert's. */
  pod: FoundContext['pod'];
  incidentId: string;
  dryRun: boolean;
  /** What the action has changed so far; it adds to it at each step, so that a later failure does not hide it. */
  changed: string[];
  now: () => Date;
}

export interface ActionResult {
  outcome: Outcome;
  reason: string;
  checked: string[];
  undo: string | null;
}

/** One thing that can be done about a pod. Checks that concern every action are in perform.ts. */
export interface ActionDefinition {
  name: Action;
  /** The decision that permits it; null for an action that takes containment back, which only a person asks for. */
  permittedBy: Extract<Decision, 'delete_pod' | 'quarantine_pod'> | null;
  rights: readonly Right[];
  run: (input: ActionInput) => Promise<ActionResult>;
}

/** The API server's own rehearsal: it checks rights, validation and admission, and stores nothing. */
export function rehearsal(dryRun: boolean): { dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}
