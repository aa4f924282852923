import type { FoundContext } from '../../../core/incident/context';
import type { ResponseMode } from '../../../core/incident/mode';
import type { Decision } from '../../../core/incident/decision';
import type { Evidence } from '../../../core/incident/evidence';
import type { Action, Outcome } from '../../../core/incident/response';
import type { RecordSpec } from '../../../core/response/record';
import type { Incident } from '../../../core/incident/incident';
import type { KubernetesClient } from '../api/client';
import type { Freshness } from '../state/loadPodState';
import type { Right } from '../api/rights';

export interface ActionOptions {
  dryRun: boolean;
  /** What the workflow allows at most. */
  mode: ResponseMode;
  /** For release: whether a pod whose replacement is ready goes back to its controller instead of being evicted. */
  readopt: boolean;
  /** Time that evidence may take before a pod is deleted, milliseconds. */
  evidenceMs: number;
  now: () => Date;
}

export interface ActionInput extends ActionOptions {
  client: KubernetesClient;
  incident: Incident;
  /** The world as policy judged it a moment ago; its pod is the alert's. */
  context: FoundContext;
  /** Who decided, for the record. */
  decidedBy: RecordSpec['decision'];
  /** The uid of the pod that a person's approval was made for; null without an approval, or where it names none. */
  approvedUid: string | null;
  /** What the action has changed so far; it adds to it at each step, so that a later failure does not hide it. */
  changed: string[];
  /** What it has looked at. */
  checked: string[];
}

export interface ActionResult {
  outcome: Outcome;
  reason: string;
  contained?: 'full' | 'partial' | null;
  openings?: string[];
  /** The guardrails for which it was refused. */
  guardrails?: string[];
  evidence?: Evidence;
  undo?: string | null;
}

/** One thing that can be done about a pod. Checks that concern every action are in perform.ts. */
export interface ActionDefinition {
  name: Action;
  /** The decision that permits it; null for an action that takes containment back, which has rules of its own. */
  permittedBy: Extract<Decision, 'delete_pod' | 'quarantine_pod'> | null;
  /** How fresh the reading has to be that it is judged on at first. */
  freshness: Freshness;
  /** Rights in the pod's namespace, beside those for reading it. */
  rights: readonly Right[];
  run: (input: ActionInput) => Promise<ActionResult>;
}

/** The API server's own rehearsal: it checks rights, validation and admission, and stores nothing. */
export function dryRunOption(dryRun: boolean): { dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}

/** How errors and reports call the pod. */
export function podName({ context: { namespace, pod } }: Pick<ActionInput, 'context'>): string {
  return `${namespace.name}/${pod.name}`;
}
