import { createHash } from 'node:crypto';

import type { Target } from '../incident/alert';
import { isUuid } from '../sources/fields';

/** 128 bits of SHA-256 as 32 hex digits. */
export function hash(parts: readonly string[]): string {
  // JSON separates the parts, so that ["a","bc"] and ["ab","c"] differ.
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/**
 * The incident's id: the event's own uuid, or a hash of what identifies the event, so that an alert keeps its id when
 * it is sent again.
 */
export function incidentId(uuid: string | null | undefined, event: readonly string[]): string {
  return uuid != null && isUuid(uuid) ? uuid : hash(event);
}

/** The same for all alerts of one rule. */
export function grouping(rule: string): string {
  return hash([rule]);
}

/** The same for all alerts of one rule on one pod. */
export function fingerprint(rule: string, target: Target | null): string {
  return hash([rule, target?.namespace ?? '', target?.podUid ?? target?.pod ?? '']);
}
