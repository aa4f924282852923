import { z } from 'zod/v4';

import { COUNTERS, GAUGES, HISTOGRAMS } from '../../core/telemetry/metrics';

const labelsSchema = z.record(z.string(), z.string());

/** One series of Pushgateway's API v1; values are text, as in the exposition format. */
const seriesSchema = z.object({
  labels: labelsSchema.optional(),
  value: z.string().optional(),
  buckets: z.record(z.string(), z.string()).optional(),
  count: z.string().optional(),
  sum: z.string().optional(),
});
type Series = z.infer<typeof seriesSchema>;

/** `GET /api/v1/metrics` (Pushgateway 1.x): one object per group, with its families beside its labels. */
const answerSchema = z.object({ data: z.array(z.looseObject({ labels: labelsSchema })) });
const familySchema = z.object({ metrics: z.array(seriesSchema) });

/** A metric as prom-client's registries hand it to each other (`getMetricsAsJSON`). */
export interface PushedMetric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  aggregator: 'sum' | 'first';
  values: { value: number; labels: Record<string, string | number>; metricName?: string }[];
}

/** Reads back what a group was last pushed, so that counters go on where the process before this one stopped. */
export function readPushedState(answer: string, job: string, instance: string): PushedMetric[] {
  const { data } = answerSchema.parse(JSON.parse(answer));
  const group = data.find(({ labels }) => labels.job === job && (labels.instance ?? '') === instance);
  if (group === undefined) return [];
  const read = (name: string): Series[] => familySchema.safeParse(group[name]).data?.metrics ?? [];
  return [
    ...Object.entries(COUNTERS).map(([name, { help }]) => plain('counter', 'sum', name, help, read(name))),
    ...Object.entries(GAUGES).map(([name, { help }]) => plain('gauge', 'first', name, help, read(name))),
    ...Object.entries(HISTOGRAMS).map(([name, { help }]) => histogram(name, help, read(name))),
  ].filter(({ values }) => values.length > 0);
}

function plain(
  type: 'counter' | 'gauge',
  aggregator: 'sum' | 'first',
  name: string,
  help: string,
  series: Series[],
): PushedMetric {
  return {
    name,
    help,
    type,
    aggregator,
    values: series.map(({ labels, value }) => ({ value: Number(value ?? 0), labels: own(labels) })),
  };
}

function histogram(name: string, help: string, series: Series[]): PushedMetric {
  const values = series.flatMap(({ labels, buckets = {}, count, sum }) => [
    ...Object.entries(buckets).map(([le, value]) => ({
      value: Number(value),
      labels: { le: le === '+Inf' ? le : Number(le), ...own(labels) },
      metricName: `${name}_bucket`,
    })),
    { value: Number(sum ?? 0), labels: own(labels), metricName: `${name}_sum` },
    { value: Number(count ?? 0), labels: own(labels), metricName: `${name}_count` },
  ]);
  return { name, help, type: 'histogram', aggregator: 'sum', values };
}

/** Without the labels that the group's path adds to every series. */
function own(labels: Record<string, string> = {}): Record<string, string> {
  const { job: _job, instance: _instance, ...rest } = labels;
  return rest;
}
