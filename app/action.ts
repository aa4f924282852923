import type { FoundContext } from '../core/incident/context';
import type { Evidence } from '../core/incident/evidence';
import type { Incident } from '../core/incident/incident';
import type { ResponseMode } from '../core/incident/mode';
import type { Outcome } from '../core/incident/response';
import type { QuarantineRecord, RecordSpec } from '../core/response/record';

/**
 * How much of a reading may come from watches. `watched`: all of it. It permits nothing by itself: the namespace's mode is
 * confirmed before anything is changed, and every change carries the pod's version or uid, which the API server compares.
 * `now`: nothing.
 */
export type Freshness = 'watched' | 'now';

export interface ActionOptions {
  dryRun: boolean;
  /** The most that the workflow allows. */
  mode: ResponseMode;
  /** For release: whether a pod whose replacement is ready returns to its controller instead of being evicted. */
  readopt: boolean;
  /** Time that capturing evidence may take before a pod is deleted, milliseconds. */
  evidenceMs: number;
  /** How long an API server that does not answer, or has just started, is asked again, milliseconds. */
  outageMs: number;
  now: () => Date;
}

export interface ActionInput extends ActionOptions {
  incident: Incident;
  /** The cluster's state as policy judged it a moment ago; its pod is the alert's. */
  context: FoundContext;
  /** Who decided, for the record. */
  decidedBy: RecordSpec['decision'];
  /** The uid of the pod that a person's approval was made for; null without an approval, or where it names none. */
  approvedUid: string | null;
  /** The record with which the isolation was begun while the budget was asked; null when it is still to be made. */
  record: QuarantineRecord | null;
  /** What the action has changed so far. It adds to it at each step, so that a later failure does not hide a change. */
  changed: string[];
  /** What the action has verified. */
  checked: string[];
}

export interface ActionResult {
  outcome: Outcome;
  reason: string;
  contained?: 'full' | 'partial' | null;
  gaps?: string[];
  /** The guardrails that refused it. */
  guardrails?: string[];
  evidence?: Evidence;
  undo?: string | null;
}
