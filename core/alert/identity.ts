import { createHash } from 'node:crypto';

import type { Target } from '../incident/alert';

/** 128 bits of SHA-256 as 32 hex digits. */
export function hash(parts: readonly string[]): string {
  // JSON separates the parts, so that ["a","bc"] and ["ab","c"] differ.
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The same for all alerts of one rule. */
export function grouping(rule: string): string {
  return hash([rule]);
}

/** The same for all alerts of one rule on one pod. */
export function fingerprint(rule: string, target: Target | null): string {
  return hash([rule, target?.namespace ?? '', target?.podUid ?? target?.pod ?? '']);
}
