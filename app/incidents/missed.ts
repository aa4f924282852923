import { hasCode } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import { statusOf } from '../../core/incident/incidentRecord';
import { withRepeats } from '../../core/folding/events';
import { incidentName } from '../../core/folding/key';
import { isKnown } from '../../core/folding/known';
import type { AdmissionPorts } from './admission';
import { admit } from './admit';
import { currentRecords } from './current';

/**
 * Missed alerts that are admitted in one run; the rest is read again by the next. Each starts an execution, and a single n8n
 * process has all of them at once: 500 took 1.2 GB, which is near the limit of its container.
 */
export const MOST_ADMITTED = 250;

/** What became of an alert of Falco's output: heard of before, admitted with what starts the workflow, or left to the next run. */
export type Missed = { passing: Alert[] } | 'known' | 'left';

/**
 * Admits, as late, the alerts of which no incident has heard, in their order and up to a bound. What comes after the first one
 * that is left is left too, so that the next run can begin there.
 */
export class MissedAlerts {
  private admitted = 0;
  private isFull = false;

  /** Whether the rest is left to the next run. */
  get leavesRest(): boolean {
    return this.isFull;
  }

  constructor(
    private readonly ports: AdmissionPorts,
    private readonly most = MOST_ADMITTED,
  ) {}

  /**
   * @throws PipelineError when the store cannot be asked: then too, the rest is left. An alert that the store refuses would be
   * refused again: the others come after it.
   */
  async take(alert: Alert, now: Date): Promise<Missed> {
    if (this.isFull) return 'left';
    try {
      if (await this.isKnown(alert, now)) return 'known';
      if (this.admitted >= this.most) {
        this.isFull = true;
        return 'left';
      }
      const { passing } = await admit(this.ports, { alert, others: 0 }, now);
      this.admitted += 1;
      return { passing };
    } catch (error) {
      if (!hasCode(error, 'rejected')) this.isFull = true;
      throw error;
    }
  }

  private async isKnown(alert: Alert, now: Date): Promise<boolean> {
    const { store, repeats } = this.ports;
    const about = await store.subjectOf(alert);
    const { name: exception } = await store.exceptionOf(alert, now);
    const name = incidentName(alert, about, exception);
    const all = await currentRecords(store, { bounds: await store.bounds(), now });
    const counted = all.map((record) => ({
      ...record,
      status: withRepeats(statusOf(record), repeats.of(record.metadata.name)),
    }));
    if (isKnown(alert, about, name, counted)) return true;
    // Archived ones are read by their names alone.
    for (const trust of ['kernel', 'report'] as const) {
      const archived = await store.find(incidentName({ ...alert, trust }, about, exception));
      if (archived !== null && isKnown(alert, about, archived.metadata.name, [archived])) return true;
    }
    return false;
  }
}
