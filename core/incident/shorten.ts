import type { Alert } from './alert';
import { brief } from '../text/sanitize';

/** UTF-8 bytes of a value as JSON, which is what records and log lines are bounded by. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Of an output that is too long beside everything else. */
const SHORT_OUTPUT = 1000;

/** An alert that fits, and what was left out of it, for people. */
export interface Shortened {
  alert: Alert;
  leftOut: string[];
}

/**
 * The alert within so many bytes of JSON: without the last of its fields, and if that is not enough without its
 * infrastructure and tags too, its output cut. What an action needs (id, rule, target, subject) always stays.
 */
export function shortened(alert: Alert, bytes: number): Shortened {
  if (jsonBytes(alert) <= bytes) return { alert, leftOut: [] };
  const fewer = withFewerFields(alert, bytes);
  if (jsonBytes(fewer.alert) <= bytes) return fewer;
  return {
    alert: { ...alert, fields: {}, infrastructure: {}, tags: [], output: brief(alert.output, SHORT_OUTPUT) },
    leftOut: ['all fields', 'infrastructure', 'tags', 'the end of the output'],
  };
}

function withFewerFields(alert: Alert, bytes: number): Shortened {
  let room = bytes - jsonBytes({ ...alert, fields: {} });
  const entries = Object.entries(alert.fields);
  const kept = entries.filter((entry) => {
    room -= jsonBytes(entry);
    return room >= 0;
  });
  return {
    alert: { ...alert, fields: Object.fromEntries(kept) },
    leftOut: [`${entries.length - kept.length} of ${entries.length} fields`],
  };
}
