import { z } from 'zod/v4';

const datetime = z.iso.datetime({ offset: true });

/**
 * Kubernetes is not older, so no alert is. Senders write a missing time as Go's zero value (year 1) or the Unix epoch
 * (1970).
 */
const EARLIEST = Date.UTC(2014, 5, 1);

/** A sender's time in UTC with milliseconds, or null if it is missing or invalid. */
export function timeOf(text: string | null | undefined): string | null {
  const { success, data } = datetime.safeParse(text);
  const at = success ? Date.parse(data) : NaN;
  return at >= EARLIEST ? new Date(at).toISOString() : null;
}
