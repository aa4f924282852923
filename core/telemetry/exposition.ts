import { z } from 'zod/v4';

import { COUNTERS, GAUGES, HISTOGRAMS } from './metrics';
import { HISTOGRAM_PARTS, type Labels, seriesOf, type SeriesValue } from './samples';

const seriesSchema = z.tuple([z.string(), z.array(z.tuple([z.string(), z.string()]))]);

interface Row {
  labels: Labels;
  value: number;
}
type Rows = ReadonlyMap<string, readonly Row[]>;

/**
 * Prometheus' text format (version 0.0.4) of what was counted: each counter with the series that exist from the beginning, gauges
 * that have a value, histograms with cumulative buckets. A series of no metric of ours is left out.
 */
export function exposition(values: readonly SeriesValue[]): string {
  const rows = rowsByName(values);
  return [
    ...Object.entries(COUNTERS).flatMap(([name, definition]) => [
      ...head(name, definition.help, 'counter'),
      ...counterRows('known' in definition ? definition.known : noLabels(definition), rows.get(name) ?? []).map((row) =>
        line(name, row),
      ),
    ]),
    ...Object.entries(GAUGES).flatMap(([name, { help }]) => {
      const held = rows.get(name) ?? [];
      return held.length === 0 ? [] : [...head(name, help, 'gauge'), ...held.map((row) => line(name, row))];
    }),
    ...Object.entries(HISTOGRAMS).flatMap(([name, definition]) => [
      ...head(name, definition.help, 'histogram'),
      ...histogramLines(name, definition.buckets, noLabels(definition), rows),
    ]),
    '',
  ].join('\n');
}

/** A metric without labels exists from the beginning. */
const noLabels = (definition: object): Labels[] => ('label' in definition || 'labels' in definition ? [] : [{}]);

function rowsByName(values: readonly SeriesValue[]): Rows {
  const rows = new Map<string, Row[]>();
  for (const { series, value } of values) {
    const [name, labels] = seriesSchema.parse(JSON.parse(series));
    rows.set(name, [...(rows.get(name) ?? []), { labels: Object.fromEntries(labels), value }]);
  }
  return rows;
}

function counterRows(known: readonly Labels[], rows: readonly Row[]): Row[] {
  const bySeries = new Map(known.map((labels) => [seriesOf('', labels), { labels, value: 0 }]));
  for (const row of rows) bySeries.set(seriesOf('', row.labels), row);
  return [...bySeries.values()];
}

function histogramLines(name: string, bounds: readonly number[], known: readonly Labels[], rows: Rows): string[] {
  const inBucket = rows.get(name + HISTOGRAM_PARTS.inBucket) ?? [];
  const sums = new Map((rows.get(name + HISTOGRAM_PARTS.sum) ?? []).map((row) => [seriesOf('', row.labels), row]));
  const labelsOf = new Map(
    [...known, ...[...sums.values()].map(({ labels }) => labels)].map((one) => [seriesOf('', one), one]),
  );
  return [...labelsOf].flatMap(([key, labels]) => {
    const own = new Map(
      inBucket
        .filter(({ labels: { le: _, ...rest } }) => seriesOf('', rest) === key)
        .map((row) => [row.labels.le ?? '', row.value]),
    );
    let count = 0;
    const buckets = [...bounds.map(String), '+Inf'].map((le) => {
      count += own.get(le) ?? 0;
      return line(`${name}_bucket`, { labels: { ...labels, le }, value: count });
    });
    return [
      ...buckets,
      line(`${name}_sum`, { labels, value: sums.get(key)?.value ?? 0 }),
      line(`${name}_count`, { labels, value: count }),
    ];
  });
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function line(name: string, { labels, value }: Row): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? character);
}
