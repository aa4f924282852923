import type { Alert } from '../incident/alert';
import { jsonBytes, shortened } from '../incident/shorten';

/** Bytes of a line: Loki refuses more than 256 KiB (`limits_config.max_line_size`). */
export const LONGEST_LINE = 250_000;
/** Minimum size for the alert. */
const LEAST_FOR_ALERT = 100_000;

/** The parts that a line can omit, the least needed first; n8n's execution also contains all of them. */
const DISPENSABLE = ['context', 'analysis', 'notes', 'containment'] as const;

/**
 * One JSON object on one line that Loki accepts, with the alert under the key `alert`. The key `cut` lists what was
 * omitted to make it fit.
 */
export function lineWithin(alert: Alert, about: Readonly<Record<string, unknown>>): string {
  const { kept, dropped } = withRoom(about);
  const short = shortened(alert, LONGEST_LINE - jsonBytes({ ...kept, alert: null, cut: dropped }) - 200);
  const cut = [...dropped, ...short.leftOut.map((what) => `alert: ${what}`)];
  return JSON.stringify({ ...kept, alert: short.alert, ...(cut.length === 0 ? {} : { cut }) });
}

function withRoom(about: Readonly<Record<string, unknown>>): { kept: Record<string, unknown>; dropped: string[] } {
  const kept: Record<string, unknown> = { ...about };
  const dropped: string[] = [];
  for (const key of DISPENSABLE) {
    if (jsonBytes(kept) <= LONGEST_LINE - LEAST_FOR_ALERT) break;
    if (kept[key] === undefined || kept[key] === null) continue;
    kept[key] = null;
    dropped.push(key);
  }
  return { kept, dropped };
}
