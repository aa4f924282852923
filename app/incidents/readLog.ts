import { type Pass, passOfLine } from '../../core/report/pass';

/** Lines of Loki, the oldest first: `from` belongs to them, `to` does not. Nanoseconds since 1970. */
type ReadLines = (from: bigint, to: bigint) => Promise<{ entries: { time: string; line: string }[]; isFull: boolean }>;

const HOUR_MS = 3_600_000;
/** Of one query: Loki's default is 30 days and an hour (`max_query_length`). */
const WINDOW = nanoseconds(30 * 24 * HOUR_MS);

/** What one reading costs at most, and how many passes it gives: an incident starts the workflow 30 times an hour at most. */
export const LOG_BOUNDS = { pages: 12, passes: 200 } as const;

/**
 * The passes of an incident, from its log lines, the oldest first.
 * @param since when it was opened, by its source's clock
 */
export async function readLog(read: ReadLines, since: Date, now: Date): Promise<Pass[]> {
  // The source's clock may be ahead of ours.
  let from = nanoseconds(since.getTime() - HOUR_MS);
  const end = nanoseconds(now.getTime() + 1);
  const passes: Pass[] = [];
  for (let page = 0; page < LOG_BOUNDS.pages && from < end && passes.length < LOG_BOUNDS.passes; page += 1) {
    const to = end - from > WINDOW ? from + WINDOW : end;
    const { entries, isFull } = await read(from, to);
    passes.push(...entries.flatMap(({ line }) => passOfLine(line) ?? []));
    const last = entries.at(-1);
    from = isFull && last !== undefined ? BigInt(last.time) + 1n : to;
  }
  return passes.slice(0, LOG_BOUNDS.passes);
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.max(0, milliseconds)) * 1_000_000n;
}
