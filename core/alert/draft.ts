import type { Alert } from '../incident/alert';
import { firstEntries, LIMITS } from './limits';

/** A field as its source wrote it. If the sender chose its name, the name gets a prefix of ours. */
export interface DraftField {
  prefix?: string;
  name: string;
  value: unknown;
}

/**
 * An alert with raw texts: rule, output, subject, tags, infrastructure and fields are neither bounded nor masked.
 * sanitizeAlerts() makes the alert from it; nothing else may show these texts.
 */
export type Draft = Omit<Alert, 'fields'> & { fields: readonly DraftField[] };

/** The first entries of a record whose keys the sender chose, and one more so that an overflow is detected. */
function kept(fields: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return firstEntries(fields, LIMITS.fields + 1);
}

/** Fields with names of our own. */
export function ownFields(fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ name, value }));
}

/** Fields that the sender named, under a prefix, so that none replaces one of ours. */
export function prefixed(prefix: string, fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ prefix, name, value }));
}
