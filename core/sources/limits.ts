import { z } from 'zod/v4';

/** How much of an alert is kept: the number of elements, and the UTF-16 units of texts. */
export const LIMITS = {
  fields: 128,
  infrastructure: 16,
  tags: 64,
  key: 128,
  value: 2048,
  output: 4096,
  /** A longer text is not the name of a container or an image. */
  name: 512,
} as const;

/**
 * How much of a body is masked, in UTF-16 units, which determines the processing cost. The rest is cut, and the alert
 * reports that. A body with one alert gets one alert's share.
 */
export const TEXT_LIMITS = { body: 160 * 1024, alert: 64 * 1024 } as const;

/**
 * Alerts of one body that are read; the others are only counted. Each becomes an incident that a person has to look at.
 */
export const MOST_ALERTS = 50;

/** Keys of a record, and elements of a list, that are read. */
const MOST_KEYS = 256;
const MOST_ELEMENTS = 256;

/** A record whose keys the sender chose. Entries beyond the limit are dropped before any processing. */
export function fewEntries<T extends z.ZodType>(value: T) {
  return z.preprocess(
    (said) => (isRecord(said) ? Object.fromEntries(firstEntries(said, MOST_KEYS)) : said),
    z.record(z.string(), value),
  );
}

/** A list of which only the first elements are used. */
export function fewElements<T extends z.ZodType>(element: T, most = MOST_ELEMENTS) {
  return z.preprocess((said) => (Array.isArray(said) ? said.slice(0, most) : said), z.array(element));
}

/** A record of any values, which is accessed by name and not iterated. */
export const anyRecord = z.custom<Readonly<Record<string, unknown>>>(isRecord, 'expected an object');

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first entries of a record, without reading the others. */
export function firstEntries<T>(record: Readonly<Record<string, T>>, most: number): [name: string, value: T][] {
  const entries: [string, T][] = [];
  for (const name in record) {
    if (entries.length >= most) break;
    if (Object.hasOwn(record, name)) entries.push([name, record[name] as T]);
  }
  return entries;
}
