import type { SettledBy } from '../../core/folding/byTime';
import type { About } from '../../core/folding/key';
import type { Alert } from '../../core/incident/alert';
import type { IncidentRecord, IncidentSpec, IncidentStatus } from '../../core/incident/incidentRecord';
import type { IncidentBounds } from '../../core/incident/responsePolicy';

export interface ExceptionOfAlert {
  /** Name of the exception that the alert matches; null when there is none, or when that cannot be told. */
  name: string | null;
  /** Whether there may be one for the alert's rule and namespace: it depends then on what a process did. */
  isPossible: boolean;
}

export const NO_EXCEPTION: ExceptionOfAlert = { name: null, isPossible: false };

/**
 * Where incidents are kept, so that an event belongs to one whichever worker it reaches. All methods throw PipelineError
 * when the store cannot be reached.
 */
export interface IncidentStore {
  /** Who settles its incidents: a workflow, which also records what each pass led to, or nothing but time. */
  settledBy: SettledBy;
  /** What an alert is about: the top owner of its pod as far as it can be read, else what the alert itself says. */
  subjectOf: (alert: Alert) => Promise<About>;
  exceptionOf: (alert: Alert, now: Date) => Promise<ExceptionOfAlert>;
  /** What the administrator allows incidents to cost. */
  bounds: () => Promise<IncidentBounds>;
  /** An incident, a moment old at most; null when there is none. After a lost race it is what the other worker wrote. */
  find: (name: string) => Promise<IncidentRecord | null>;
  /**
   * The same without a call where that is possible; null when no incident of this name is known. There may be one all the
   * same, which was archived: a create then fails, and what it ran into is known from there on.
   */
  peek: (name: string) => Promise<IncidentRecord | null>;
  /** All that can be read and count for bounds and related incidents, a moment old at most. */
  all: () => Promise<IncidentRecord[]>;
  /** Null when there is one of this name already: of any number at once exactly one creates it. */
  create: (name: string, spec: IncidentSpec) => Promise<IncidentRecord | null>;
  /** Null when another worker has written since it was read. */
  update: (record: IncidentRecord, status: IncidentStatus) => Promise<IncidentRecord | null>;
}
