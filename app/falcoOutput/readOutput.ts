import { type FalcoEvent, type LokiEntry, readFalcoLine, sameFalcoEvents } from '../../core/alert/falcoLine';
import type { Priority } from '../../core/incident/priority';

/** How far Falco's output was read. */
export interface ReadMark {
  /** Nanoseconds since 1970; everything before was read. */
  cursor: string;
  /** Whether nothing was left then. */
  caughtUp: boolean;
}

export interface OutputSettings {
  /** How far the first reading goes back, hours. */
  lookBackHours: number;
  /** What is younger is not read yet, seconds: it may be on its way to Loki, or to n8n. */
  graceSeconds: number;
  minimumPriority: Exclude<Priority, 'unknown'>;
}

/** A part of Falco's output, the oldest first: `from` belongs to it, `to` does not. Nanoseconds since 1970. */
type ReadPage = (from: bigint, to: bigint) => Promise<{ entries: LokiEntry[]; isFull: boolean }>;

/** An event, and where it is in the output. */
export interface ReadEvent {
  falco: FalcoEvent;
  /** Nanoseconds since 1970. */
  position: string;
}

/** What one run read. */
export interface OutputReading {
  /** The oldest first; of events that are alike, the first and the last. */
  events: ReadEvent[];
  /** Where the next run continues, once these are dealt with. */
  mark: ReadMark;
  lines: number;
  /** Lines that are no event that can be found again, or below the priority. */
  skipped: number;
  /** How much of the output is left to the next run, milliseconds. */
  behindMs: number;
}

/** What one run costs at most. In the five minutes between two runs, 2,000 events are seven a second. */
export const READ_BOUNDS = { pages: 10, events: 2_000 } as const;

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
/** Of one query: less than Loki's default of 30 days and an hour (`max_query_length`). */
const WINDOW = 24n * HOUR;
/** Loki reads nothing older in one query by default. */
const OLDEST = 30n * 24n * HOUR;
/** Alloy may send late and out of order: so much is read again. */
const OVERLAP = 600n * SECOND;

/** Reads Falco's output from where the last run ended. What `page` throws, it throws: the next run then begins at the same place. */
export async function readOutput(
  page: ReadPage,
  mark: ReadMark | null,
  { lookBackHours, graceSeconds, minimumPriority }: OutputSettings,
  now: Date,
): Promise<OutputReading> {
  const at = BigInt(now.getTime()) * 1_000_000n;
  const end = at - BigInt(graceSeconds) * SECOND;
  const reading = new Events(minimumPriority);
  let position = beginning(mark, at - BigInt(lookBackHours) * HOUR, { oldest: at - OLDEST, end });
  for (let pages = 0; pages < READ_BOUNDS.pages && position < end && reading.size < READ_BOUNDS.events; pages += 1) {
    const to = position + WINDOW < end ? position + WINDOW : end;
    const { entries, isFull } = await page(position, to);
    reading.add(entries);
    position = isFull ? afterFull(entries, position) : to;
  }
  return {
    ...reading.result(),
    mark: { cursor: String(position), caughtUp: position >= end },
    behindMs: position >= end ? 0 : Number((end - position) / 1_000_000n),
  };
}

function beginning(mark: ReadMark | null, first: bigint, { oldest, end }: { oldest: bigint; end: bigint }): bigint {
  const wanted = mark === null ? first : BigInt(mark.cursor) - (mark.caughtUp ? OVERLAP : 0n);
  // A clock may have been ahead.
  const past = wanted < end ? wanted : end - OVERLAP;
  return past > oldest ? past : oldest;
}

/** There may be more lines of the last one's time. A whole page of one time, which only a forger writes, is left behind. */
function afterFull(entries: readonly LokiEntry[], position: bigint): bigint {
  const last = BigInt(entries.at(-1)?.time ?? position);
  return last > position ? last : position + 1n;
}

/** The events of a run: of those that are alike the first and the last, since the others would only be counted. */
class Events {
  private readonly alike = new Map<string, { first: ReadEvent; last: ReadEvent }>();
  private lines = 0;
  private skipped = 0;

  constructor(private readonly floor: OutputSettings['minimumPriority']) {}

  get size(): number {
    return this.alike.size;
  }

  add(entries: readonly LokiEntry[]): void {
    for (const entry of entries) {
      this.lines += 1;
      const falco = readFalcoLine(entry, this.floor);
      if (falco === null) {
        this.skipped += 1;
        continue;
      }
      const key = sameFalcoEvents(falco);
      const event = { falco, position: entry.time };
      this.alike.set(key, { first: this.alike.get(key)?.first ?? event, last: event });
    }
  }

  result(): Pick<OutputReading, 'events' | 'lines' | 'skipped'> {
    const events = [...this.alike.values()]
      .flatMap(({ first, last }) => (first.position === last.position ? [first] : [first, last]))
      .sort((one, other) => Number(BigInt(one.position) - BigInt(other.position)));
    return { events, lines: this.lines, skipped: this.skipped };
  }
}
