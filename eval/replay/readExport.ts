import { z } from 'zod/v4';

import { readItems } from './readItems.js';
import { readLine, readObject } from './readLine.js';
import type { Reading, Replayed } from './replayed.js';

/** Where something is in a file: "line 12" or, in one JSON value, "entry 12". */
export interface Placed<T> {
  at: string;
  what: T;
}

export interface Export {
  alerts: Placed<Replayed>[];
  /** What is not understood, and why. */
  foreign: Placed<string>[];
  /** Lines of ours about no alert, such as evidence, by their event. */
  others: Map<string, number>;
}

/** Loki's answer to a query (GET /loki/api/v1/query_range). */
const lokiSchema = z.looseObject({
  data: z.looseObject({
    result: z.array(
      z.looseObject({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

/** A line as `logcli query --output=jsonl` writes it. */
const logcliSchema = z.looseObject({ line: z.string(), labels: z.record(z.string(), z.string()) });

/** Reads an export of Loki, of Falco or of n8n; which one it is follows from what is in it. */
export function readExport(text: string): Export {
  const whole = jsonIn(text);
  const isOne = whole !== undefined;
  const readings = isOne
    ? inOneValue(whole, text)
    : text.split('\n').flatMap((line) => (line.trim() === '' ? [null] : [inLine(line)]));
  const found: Export = { alerts: [], foreign: [], others: new Map() };
  for (const [index, reading] of readings.entries())
    if (reading !== null) add(found, `${isOne ? 'entry' : 'line'} ${index + 1}`, reading);
  return found;
}

function add({ alerts, foreign, others }: Export, at: string, reading: Reading): void {
  if ('alerts' in reading) alerts.push(...reading.alerts.map((what) => ({ at, what })));
  else if ('other' in reading) others.set(reading.other, (others.get(reading.other) ?? 0) + 1);
  else foreign.push({ at, what: reading.foreign });
}

function inOneValue(value: unknown, text: string): Reading[] {
  const { data: loki } = lokiSchema.safeParse(value);
  if (loki !== undefined)
    return loki.data.result.flatMap(({ stream, values }) =>
      values.map(([time, line]) => readLine({ line, labels: stream, time })),
    );
  const items = readItems(value);
  if (items.length > 0 && !isOwnLine(value)) return items.map((item) => ({ alerts: [item] }));
  return [inLine(text)];
}

function inLine(line: string): Reading {
  const value = jsonIn(line);
  const { data: wrapped } = logcliSchema.safeParse(value);
  if (wrapped !== undefined) return readLine(wrapped);
  if (value === undefined || isOwnLine(value) || !('foreign' in readObject(value))) return readLine({ line });
  const items = readItems(value);
  return items.length > 0 ? { alerts: items } : readLine({ line });
}

/** Our lines have the alert beside the decision's name, n8n's items beside the whole decision. */
function isOwnLine(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'event' in value && 'incident' in value;
}

/** Undefined for what is not JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
