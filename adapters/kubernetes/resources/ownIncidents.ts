import { forgetOldest } from '../../../core/forgetOldest';
import { type IncidentRecord, statusOf } from '../../../core/incident/incidentRecord';
import { versionOf } from '../api/customObjects';

/** For how long this process trusts what it wrote or read itself, where the watch does not have the object yet. */
const OWN_MS = 5_000;

/**
 * How many settled incidents this process remembers beyond that. The watch drops those that were archived, and a source
 * may repeat an event of such a one for days; without this each repeat would be two calls.
 */
export const MOST_SETTLED = 500;

interface Own {
  record: IncidentRecord;
  /** Milliseconds, by a clock that nobody sets. */
  at: number;
}

/** The incidents that this process wrote or read last: newer than the watch's word until that has caught up. */
export class OwnIncidents {
  private readonly recent = new Map<string, Own>();
  private readonly settled = new Map<string, Own>();

  keep(record: IncidentRecord, now: number): IncidentRecord {
    const { name } = record.metadata;
    this.forget(name);
    // A Map keeps the order of insertion: put in again, it is the last.
    this.recent.set(name, { record, at: now });
    if (statusOf(record).state === 'Settled') this.settled.set(name, { record, at: now });
    forgetOldest(this.settled, MOST_SETTLED);
    for (const [oldest, { at }] of this.recent) {
      if (now - at <= OWN_MS) break;
      this.recent.delete(oldest);
    }
    return record;
  }

  forget(name: string): void {
    this.recent.delete(name);
    this.settled.delete(name);
  }

  /**
   * What is known of an incident that the watch does not have, or null.
   * @param isTrusted whether the watch can be trusted: it would have an incident that somebody opened again
   */
  of(name: string, isTrusted: boolean, now: number): IncidentRecord | null {
    const recent = this.recent.get(name);
    if (recent !== undefined && now - recent.at <= OWN_MS) return recent.record;
    return isTrusted ? (this.settled.get(name)?.record ?? null) : null;
  }

  /** The newer of what the watch has and what this process wrote. */
  newer(seen: IncidentRecord): IncidentRecord {
    const own = this.recent.get(seen.metadata.name)?.record;
    return own !== undefined && versionOf(own) > versionOf(seen) ? own : seen;
  }

  /** What the watch has, and what it does not have yet, or no longer. */
  withOwn(seen: readonly IncidentRecord[]): IncidentRecord[] {
    const known = new Set(seen.map(({ metadata }) => metadata.name));
    const own = new Map([...this.settled, ...this.recent]);
    return [
      ...seen.map((record) => this.newer(record)),
      ...[...own.values()].map(({ record }) => record).filter(({ metadata }) => !known.has(metadata.name)),
    ];
  }
}
