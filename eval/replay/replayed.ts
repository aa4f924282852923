import type { Alert } from '../../core/incident/alert.js';
import type { TargetContext } from '../../core/incident/context.js';
import type { Decision } from '../../core/incident/decision.js';

/** What an export says was decided, and by whom. */
export interface Before {
  decision: Decision;
  by: 'model' | 'playbook' | 'person' | 'exception' | null;
}

/** An alert of an export. */
export interface Replayed {
  alert: Alert;
  /** As it was read then, or as much of it as the export has; null where it has nothing of it. */
  context: TargetContext | RecordedContext | null;
  /** Null where the export does not say. */
  before: Before | null;
}

/** The part of a context that our log lines keep. */
export interface RecordedContext {
  status: 'recorded';
  mode: 'observe' | 'supervised' | 'autonomous';
  workload: Extract<TargetContext, { status: 'found' }>['workload'];
}

/** What one value of an export is: alerts, a line of ours without any, or foreign. */
export type Reading = { alerts: Replayed[] } | { other: string } | { foreign: string };
