import { z } from 'zod/v4';

import { type IncidentRecord, statusOf, type UnfinishedPass } from '../incident/incidentRecord';

/** The passes through the workflow that have begun and not ended: they run, wait in n8n's queue, or are lost. */
export interface Backlog {
  unfinished: number;
  /** When the alert of the oldest came in, ISO 8601; null if there is none. */
  since: string | null;
}

const alertSchema = z.object({ receivedAt: z.iso.datetime() });

/** What is unfinished in all incidents. A pass that was started again waits from when its alert came in. */
export function backlogOf(records: readonly IncidentRecord[]): Backlog {
  const passes = records.flatMap((record) => statusOf(record).unfinished ?? []);
  const since = passes.map(receivedAt).sort()[0] ?? null;
  return { unfinished: passes.length, since };
}

/** How many passes were started since a time, and have no end yet. */
export function unfinishedSince(records: readonly IncidentRecord[], since: Date): number {
  const passes = records.flatMap((record) => statusOf(record).unfinished ?? []);
  return passes.filter(({ at }) => Date.parse(at) >= since.getTime()).length;
}

/** The time of the last start, where somebody changed the alert by hand. */
function receivedAt({ alert, at }: UnfinishedPass): string {
  try {
    return new Date(alertSchema.parse(JSON.parse(alert)).receivedAt).toISOString();
  } catch {
    return new Date(at).toISOString();
  }
}
