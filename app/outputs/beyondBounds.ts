import type { DroppedLine } from '../../core/telemetry/droppedLine';
import { type Waiting, WAITING_BOUNDS } from './ports';

/** What is dropped of the oldest lines. */
export interface Excess {
  reason: DroppedLine['reason'];
  lines: number;
  /** Beyond the first line, no more than so many bytes are dropped. */
  bytes: number;
  /** Only what was kept before, milliseconds since 1970. */
  before: number;
}

const DAY_MS = 24 * 3_600_000;

/** What is to be dropped of what waits; null if it is within the bounds. A tenth of a bound is dropped at once. */
export function beyondBounds({ lines, bytes, since }: Waiting, now: Date): Excess | null {
  const { lines: mostLines, bytes: mostBytes, days, dropped } = WAITING_BOUNDS;
  const all = { lines: dropped, bytes: Infinity, before: Infinity };
  if (lines > mostLines) return { ...all, reason: 'number' };
  if (bytes > mostBytes) return { ...all, reason: 'bytes', bytes: mostBytes / 10 };
  const before = now.getTime() - days * DAY_MS;
  return since !== null && since < before ? { ...all, reason: 'age', before } : null;
}
