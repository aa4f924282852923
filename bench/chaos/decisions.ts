import { z } from 'zod/v4';

import { DECISIONS, type Decision } from '../../core/incident/decision.js';
import { JOB } from '../../core/names.js';

/** Lines have some kB, and Loki's answer has a limit of 4 MB. */
const PAGE = 300;

const lineSchema = z.object({
  incident: z.string(),
  podUid: z.string().nullable(),
  decision: z.enum(DECISIONS),
  decidedAt: z.string().optional(),
});

const answerSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});
const countSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** One pass of an incident, by its line in Loki. */
export interface Decided {
  incident: string;
  podUid: string | null;
  decision: Decision;
  /** When it was decided, in ms since 1970. */
  at: number;
}

/** The pipeline's lines in a Loki. */
export class DecisionLog {
  constructor(
    private readonly loki: string,
    /** Milliseconds since 1970; older lines are not read. */
    private readonly since: number,
  ) {}

  /** How many decisions, and how many failures of executions, were logged. */
  async count(): Promise<{ decisions: number; failures: number }> {
    const seconds = Math.ceil((Date.now() - this.since) / 1000);
    const of = async (event: string): Promise<number> => {
      const query = `sum(count_over_time({job="${JOB}"} | event="${event}" [${seconds}s]))`;
      const { data } = countSchema.parse(await this.ask('query', { query }));
      return Number(data.result[0]?.value[1] ?? 0);
    };
    return { decisions: await of('incident'), failures: await of('failure') };
  }

  /** Every decision, in the order of its line. */
  async read(): Promise<Decided[]> {
    const found = new Map<string, Decided>();
    let start = `${this.since}000000`;
    for (;;) {
      const { data } = answerSchema.parse(
        await this.ask('query_range', {
          query: `{job="${JOB}"} | event="incident"`,
          start,
          end: `${Date.now() + 60_000}000000`,
          limit: String(PAGE),
          direction: 'forward',
        }),
      );
      const lines = data.result.flatMap(({ values }) => values.map(([time, text]) => ({ time, text })));
      lines.sort((a, b) => (BigInt(a.time) < BigInt(b.time) ? -1 : 1));
      for (const { time, text } of lines) found.set(`${time} ${text}`, decidedIn(time, text));
      const last = lines.at(-1)?.time;
      // The next page begins with the last time again, since several lines may have it.
      if (lines.length < PAGE || last === undefined || last === start) return [...found.values()];
      start = last;
    }
  }

  private async ask(what: 'query' | 'query_range', parameters: Record<string, string>): Promise<unknown> {
    const answer = await fetch(`${this.loki}/loki/api/v1/${what}?${new URLSearchParams(parameters).toString()}`, {
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`Loki answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

function decidedIn(time: string, text: string): Decided {
  const { incident, podUid, decision, decidedAt } = lineSchema.parse(JSON.parse(text));
  const lineAt = Number(BigInt(time) / 1_000_000n);
  // A line that waited has a later time than its decision; one of a process whose clock was ahead has an earlier one.
  return { incident, podUid, decision, at: decidedAt === undefined ? lineAt : Math.min(lineAt, Date.parse(decidedAt)) };
}
