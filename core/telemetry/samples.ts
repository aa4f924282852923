import { COUNTERS, GAUGES, HISTOGRAMS } from './metrics';

export type Labels = Readonly<Record<string, string>>;

/** A change to one series. Series are kept as they are, but for a histogram's buckets, which are kept apart: `inBucket`. */
export interface Sample {
  /** The series' name and labels, as one text: two changes with the same text are about the same series. */
  series: string;
  /** Whether the value is added to the series or replaces its value. */
  operation: 'add' | 'set';
  value: number;
}

/** A series with what it came to. */
export type SeriesValue = Pick<Sample, 'series' | 'value'>;

/** The suffixes of a histogram's series, as they are kept. */
export const HISTOGRAM_PARTS = { inBucket: '_in_bucket', sum: '_sum' } as const;

export function counted(name: keyof typeof COUNTERS, value = 1, labels: Labels = {}): Sample[] {
  return value === 0 ? [] : [{ series: seriesOf(name, labels), operation: 'add', value }];
}

export function gauged(name: keyof typeof GAUGES, value: number): Sample[] {
  return [{ series: seriesOf(name, {}), operation: 'set', value }];
}

/** One observation: it is in the first bucket that is large enough. */
export function observed(name: keyof typeof HISTOGRAMS, value: number, labels: Labels = {}): Sample[] {
  const le = String(HISTOGRAMS[name].buckets.find((bound) => value <= bound) ?? '+Inf');
  return [
    { series: seriesOf(name + HISTOGRAM_PARTS.inBucket, { ...labels, le }), operation: 'add', value: 1 },
    { series: seriesOf(name + HISTOGRAM_PARTS.sum, labels), operation: 'add', value },
  ];
}

/** Changes with at most one for each series, in the order of the series: two writers then wait for each other, and never in a circle. */
export function merged(samples: readonly Sample[]): Sample[] {
  const bySeries = new Map<string, Sample>();
  for (const sample of samples) {
    const before = sample.operation === 'add' ? (bySeries.get(sample.series)?.value ?? 0) : 0;
    bySeries.set(sample.series, { ...sample, value: before + sample.value });
  }
  return [...bySeries.values()].sort((one, other) => (one.series < other.series ? -1 : 1));
}

/** Name and labels as one text, whatever the order of the labels. */
export function seriesOf(name: string, labels: Labels): string {
  return JSON.stringify([name, Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))]);
}
