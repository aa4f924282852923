import type { ClusterBound } from '../../core/folding/bounds';
import { withBegun } from '../../core/folding/unfinished';
import type { Alert } from '../../core/incident/alert';
import type { Delivery, IncidentRecord, IncidentSpec, IncidentStatus } from '../../core/incident/incidentRecord';
import { untilFirst } from '../untilFirst';
import type { IncidentStore } from './ports';
import type { CountedRepeats } from './repeats';

/** What an event becomes: the alerts that start the workflow, or none if it was only counted. */
export interface Admission {
  /** The id of the incident that it belongs to. */
  incident: string;
  passing: Alert[];
  /** Whether another event of the same source that differs only in what a process did would become the same. */
  isAlike: boolean;
  /** The delivery as it was answered before, where its sender repeats it. */
  duplicate?: Delivery;
}

export interface Arrival {
  alert: Alert;
  /** How many others like it the gate answered before it. */
  others: number;
  /** Hashes of what the attempts of its delivery have in common, of a sender that repeats them. */
  delivery?: readonly string[];
}

export interface AdmissionPorts {
  store: IncidentStore;
  repeats: CountedRepeats;
  /** Whether the playbook alone acts on an alert. Such an alert gets through even in a storm. */
  acts: (alert: Alert) => boolean;
  /** Tells a person, once an hour, that a bound of all incidents together is reached. Does not throw, and nobody waits for it. */
  spent: (bound: ClusterBound, alert: Alert, now: Date) => void;
}

/** What is stored of a pass: with its alerts, where somebody notes how passes end, so that one without an end is found. */
export function begun(
  { settledBy }: Pick<IncidentStore, 'settledBy'>,
  after: IncidentStatus,
  passing: readonly Alert[],
): IncidentStatus {
  return settledBy === 'workflow' ? withBegun(after, passing) : after;
}

/** Stores what an incident has become. False when another worker was faster: its repeats are then still to be counted. */
export async function stored(
  { store, repeats }: Pick<AdmissionPorts, 'store' | 'repeats'>,
  record: IncidentRecord | null,
  name: string,
  spec: IncidentSpec,
): Promise<boolean> {
  const taken = repeats.take(name);
  const put = (): void => {
    if (taken !== undefined) repeats.add(name, taken);
  };
  try {
    const written = record === null ? await store.create(name, spec) : await store.update(record, spec.opened);
    if (written === null) put();
    return written !== null;
  } catch (error) {
    put();
    throw error;
  }
}

/**
 * Admits an alert, again while other workers write its incident first.
 * @throws PipelineError `conflict` after too many lost races
 */
export function admitted<T>({ id }: Alert, attempt: () => Promise<T | null>): Promise<T> {
  const nextStep = 'Nothing to do: the alert was processed on its own.';
  return untilFirst({ what: `the incident of alert ${id}`, nextStep, incidentId: id }, attempt);
}
