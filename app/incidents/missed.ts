import { hasCode } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import { statusOf } from '../../core/incident/incidentRecord';
import { withRepeats } from '../../core/folding/events';
import { incidentName } from '../../core/folding/key';
import { isKnown } from '../../core/folding/known';
import type { AdmissionPorts } from './admission';
import { admit } from './admit';
import { currentRecords } from './current';
import { PORTION } from './room';

/** What may be admitted together. The rest is read again for the next portion. */
export interface Portion {
  most?: number;
  /** Whether there is room for more executions. Asked once, and only when there is an alert to admit. */
  hasRoom?: () => Promise<boolean>;
}

/** What became of an alert of Falco's output: heard of before, admitted with what starts the workflow, or left to the next portion. */
export type Missed = { passing: Alert[] } | 'known' | 'left';

/**
 * Admits, as late, the alerts of which no incident has heard, in their order and up to a bound. What comes after the first one
 * that is left is left too, so that the next portion can begin there.
 */
export class MissedAlerts {
  private admitted = 0;
  private isFull = false;
  private room: Promise<boolean> | null = null;

  /** Whether the rest is left to the next portion. */
  get leavesRest(): boolean {
    return this.isFull;
  }

  constructor(
    private readonly ports: AdmissionPorts,
    private readonly portion: Portion = {},
  ) {}

  /**
   * @throws PipelineError when the store cannot be asked: then too, the rest is left. An alert that the store refuses would be
   * refused again: the others come after it.
   */
  async take(alert: Alert, now: Date): Promise<Missed> {
    if (this.isFull) return 'left';
    try {
      if (await this.isKnown(alert, now)) return 'known';
      if (!(await this.mayAdmit())) {
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

  private async mayAdmit(): Promise<boolean> {
    const { most = PORTION, hasRoom } = this.portion;
    if (this.admitted >= most) return false;
    this.room ??= hasRoom?.() ?? Promise.resolve(true);
    return this.room;
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
