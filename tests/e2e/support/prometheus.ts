import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';

const vectorSchema = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});
const targetsSchema = z.object({
  data: z.object({ activeTargets: z.array(z.object({ scrapePool: z.string(), scrapeUrl: z.string() })) }),
});

/** The series that a query selects now, each with its labels. */
export async function metric(
  stack: Stack,
  query: string,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const { data } = vectorSchema.parse(await get(stack, `query?${new URLSearchParams({ query }).toString()}`));
  return data.result.map(({ metric: labels, value }) => ({ labels, value: Number(value[1]) }));
}

/** The names of all rules that Prometheus evaluates. */
export async function ruleNames(stack: Stack): Promise<string[]> {
  const { data } = rulesSchema.parse(await get(stack, 'rules'));
  return data.groups.flatMap(({ rules }) => rules.map(({ name }) => name));
}

/** The addresses that a job scrapes. */
export async function activeTargets(stack: Stack, job: string): Promise<string[]> {
  const { data } = targetsSchema.parse(await get(stack, 'targets?state=active'));
  return data.activeTargets.filter(({ scrapePool }) => scrapePool === job).map(({ scrapeUrl }) => scrapeUrl);
}

async function get(stack: Stack, path: string): Promise<unknown> {
  const answer = await fetch(`${stack.urls.prometheus}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
