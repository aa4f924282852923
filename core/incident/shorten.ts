import type { Alert } from './alert';
import { brief } from '../text/sanitize';

/** UTF-8 bytes of a value as JSON. Records and log lines are bounded by this size. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** UTF-16 units kept of the output when the alert is still too long. */
const SHORT_OUTPUT = 1000;

/** A shortened alert, and what was left out of it, for people. */
interface Shortened {
  alert: Alert;
  leftOut: string[];
}

/**
 * Shortens the alert to this many bytes of JSON: first without the last fields, then also without infrastructure and
 * tags and with its output cut. What an action needs (id, rule, target, subject) always stays.
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
