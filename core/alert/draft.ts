import type { Alert } from '../incident/alert';
import { firstEntries, LIMITS } from './limits';

/** A field as its source wrote it. A name that somebody else gave it stands behind a prefix of ours. */
export interface DraftField {
  prefix?: string;
  name: string;
  value: unknown;
}

/**
 * An alert with its texts as they came: rule, output, subject, tags, infrastructure and fields are neither bounded nor
 * masked.
 * sanitizeAlerts() makes the alert of it; nothing else may show them.
 */
export type Draft = Omit<Alert, 'fields'> & { fields: readonly DraftField[] };

/** Of a record whose keys somebody else chose, those that can be kept, and one more where there are more. */
function kept(fields: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return firstEntries(fields, LIMITS.fields + 1);
}

/** Fields by names of our own. */
export function ownFields(fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ name, value }));
}

/** Fields that somebody else named, under a prefix, so that none of them takes the place of one of ours. */
export function prefixed(prefix: string, fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ prefix, name, value }));
}
