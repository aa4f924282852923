import type { Alert } from '../incident/alert';
import { jsonBytes, shortened } from '../incident/shorten';

/** Bytes of a line: Loki refuses more than 256 KiB (`limits_config.max_line_size`). */
export const LONGEST_LINE = 250_000;
/** What the alert gets at least. */
const LEAST_FOR_ALERT = 100_000;

/** What a line can do without, the least needed first; all of it stands in n8n's execution as well. */
const DISPENSABLE = ['context', 'analysis', 'notes', 'containment'] as const;

/**
 * One JSON object on one line that Loki takes, the alert under the key `alert`. What had to be left out for that stands
 * under `cut`.
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
