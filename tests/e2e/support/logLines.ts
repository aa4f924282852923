import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { DECISIONS } from '../../../core/incident/decision';
import { JOB } from '../../../core/names';

const lineSchema = z.looseObject({
  event: z.string(),
  incident: z.string().nullable(),
  decision: z.enum(DECISIONS),
  decidedBy: z.string().optional(),
});
export type LoggedIncident = z.infer<typeof lineSchema>;

const answerSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});

/** Lines are written with the time of their push; this is how late one may become visible. */
const OVERLAP_MS = 10_000;
const LIMIT = 5000;
const POLL_MS = 400;
const DEADLINE_SECONDS = 90;

/** The pipeline's lines in Loki as they come: one question for all who wait, where each asking by itself would be a load. */
export class LogLines {
  private readonly found = new Map<string, LoggedIncident>();
  private since = Date.now();
  private asked = 0;
  private asking: Promise<void> | undefined;

  constructor(private readonly stack: Stack) {}

  /** An incident's line, once it is there. */
  of(incident: string): Promise<LoggedIncident> {
    return until(`log line of ${incident}`, DEADLINE_SECONDS, async () => {
      await this.refresh();
      return this.found.get(incident);
    });
  }

  private async refresh(): Promise<void> {
    if (this.asking === undefined && Date.now() - this.asked < POLL_MS) return;
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
      this.asked = Date.now();
    });
    await this.asking;
  }

  private async ask(): Promise<void> {
    const now = Date.now();
    const query = new URLSearchParams({
      query: `{job="${JOB}"} | event!="evidence" | event!="neo_task" | event!="pruned"`,
      start: `${this.since - OVERLAP_MS}000000`,
      limit: String(LIMIT),
      direction: 'forward',
    });
    const response = await fetch(`${this.stack.urls.loki}/loki/api/v1/query_range?${query.toString()}`);
    const { data } = answerSchema.parse(await response.json());
    const lines = data.result.flatMap(({ values }) => values.map(([, line]) => line));
    if (lines.length >= LIMIT) throw new Error(`Loki has more than ${LIMIT} lines since ${this.since}`);
    for (const line of lines) {
      const logged = lineSchema.parse(JSON.parse(line));
      if (logged.incident !== null) this.found.set(logged.incident, logged);
    }
    this.since = now;
  }
}
