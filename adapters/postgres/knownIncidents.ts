import { forgetOldest } from '../../core/forgetOldest';
import type { IncidentRecord } from '../../core/incident/incidentRecord';

/** For how long what was read is trusted: it may be this much older than what another worker wrote. */
const FRESH_MS = 1_000;
/** A list is used for that time, and while it is waited for. */
const USED_MS = 5_000;
/** Incidents that are remembered for that time. */
const MOST = 500;

interface Reading {
  at: number;
  answer: Promise<IncidentRecord | null>;
}

interface Listing {
  at: number;
  rows: Promise<IncidentRecord[]>;
  /** What this process read or wrote since the list was asked for, by name, as long as the list may be used. */
  since: Map<string, IncidentRecord>;
}

/**
 * What this process read or wrote within the last second, so that a flood of repeats does not become a flood of queries.
 * Requests for the same at the same moment share one query, and one that failed is not remembered.
 */
export class KnownIncidents {
  private readonly byName = new Map<string, Reading>();
  private list: Listing | undefined;

  find(name: string): Promise<IncidentRecord | null> | undefined {
    const known = this.byName.get(name);
    return known !== undefined && isFresh(known) ? known.answer : undefined;
  }

  /** Remembers what is being read, or was written, as the newest that is known of this name. */
  async reading(name: string, answer: Promise<IncidentRecord | null>): Promise<IncidentRecord | null> {
    const reading: Reading = { at: performance.now(), answer };
    // A Map keeps the order of insertion: put in again, it is the last.
    this.byName.delete(name);
    this.byName.set(name, reading);
    forgetOldest(this.byName, MOST);
    try {
      const record = await answer;
      if (record !== null) this.noteSince(record);
      return record;
    } catch (error) {
      if (this.byName.get(name) === reading) this.byName.delete(name);
      throw error;
    }
  }

  /** The incidents of a list, a moment old, with what this process read or wrote itself since. */
  async all(list: () => Promise<IncidentRecord[]>): Promise<IncidentRecord[]> {
    const current = this.list !== undefined && isFresh(this.list) ? this.list : this.listing(list);
    const all = new Map((await current.rows).map((record) => [record.metadata.name, record]));
    for (const record of current.since.values()) putNewer(all, record);
    return [...all.values()];
  }

  private noteSince(record: IncidentRecord): void {
    if (this.list !== undefined && performance.now() - this.list.at < USED_MS) putNewer(this.list.since, record);
  }

  private listing(list: () => Promise<IncidentRecord[]>): Listing {
    const listing = { at: performance.now(), rows: list(), since: new Map<string, IncidentRecord>() };
    this.list = listing;
    listing.rows.catch(() => {
      if (this.list === listing) this.list = undefined;
    });
    return listing;
  }
}

/** Puts a record over an older version of it. */
function putNewer(into: Map<string, IncidentRecord>, record: IncidentRecord): void {
  const { name } = record.metadata;
  const seen = into.get(name);
  if (seen === undefined || versionOf(seen) < versionOf(record)) into.set(name, record);
}

const isFresh = ({ at }: { at: number }): boolean => performance.now() - at < FRESH_MS;
const versionOf = ({ metadata }: IncidentRecord): bigint => BigInt(metadata.resourceVersion);
