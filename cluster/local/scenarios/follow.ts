import { fetch } from 'undici';
import { z } from 'zod/v4';
import { DECISIONS, type Decision } from '../../../core/incident/decision.js';
import { JOB, LABELS, QUARANTINED_VALUE } from '../../../core/names.js';
import { DECISION_METRIC, decisionsIn } from '../exposition.js';
import { findPod, type Cluster } from '../kubernetes/client.js';
import type { Stack } from '../stack.js';

/** The part of the pipeline's log line that is followed. */
const logLine = z.looseObject({
  incident: z.string(),
  decision: z.enum(DECISIONS),
  classification: z.string(),
  reason: z.string().optional(),
});
type LogLine = z.infer<typeof logLine>;

export type PodState = 'untouched' | 'quarantined' | 'gone';

export const EXPECTED_STATE: Record<Decision, PodState> = {
  delete_pod: 'gone',
  quarantine_pod: 'quarantined',
  ignore: 'untouched',
  escalate: 'untouched',
};

/** What Kubernetes says of one pod, told by its uid: a successor of the same name is another pod. */
export async function podState(cluster: Cluster, name: string, uid: string): Promise<PodState> {
  const pod = await findPod(cluster, name);
  if (pod?.metadata?.uid !== uid) return 'gone';
  return pod.metadata.labels?.[LABELS.quarantined] === QUARANTINED_VALUE ? 'quarantined' : 'untouched';
}

const lokiAnswer = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});

/** The incident's line in Loki, once it is there. */
export async function findLogLine({ urls }: Stack, incident: string, since: Date): Promise<LogLine | undefined> {
  const query = new URLSearchParams({
    query: `{job="${JOB}"} | incident_id="${incident}" | event!="evidence" | event!="neo_task" | event!="pruned"`,
    start: `${since.getTime() - 60_000}000000`,
  });
  const answer = await fetch(`${urls.loki}/loki/api/v1/query_range?${query.toString()}`);
  const { data } = lokiAnswer.parse(await answer.json());
  const line = data.result[0]?.values[0]?.[1];
  return line === undefined ? undefined : logLine.parse(JSON.parse(line));
}

/** How often each decision was taken, as the Pushgateway has it: Prometheus is a scrape behind. */
export async function pushedDecisions({ urls }: Stack): Promise<Map<string, number>> {
  const answer = await fetch(`${urls.pushgateway}/metrics`);
  return decisionsIn(await answer.text());
}

const prometheusAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** The decision's counter as Prometheus has it. */
export async function scrapedDecisions({ urls }: Stack, decision: Decision): Promise<number> {
  const query = new URLSearchParams({ query: `sum(${DECISION_METRIC}{decision="${decision}"})` });
  const answer = await fetch(`${urls.prometheus}/api/v1/query?${query.toString()}`);
  const { data } = prometheusAnswer.parse(await answer.json());
  return Number(data.result[0]?.value[1] ?? 0);
}
