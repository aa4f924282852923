import { z } from 'zod/v4';
import type { Ask } from './ask';

const shape = z.object({
  kubernetes_clusters: z.array(z.object({ name: z.string(), version: z.string() })).nullish(),
});

/** The account's cluster of this name, if there is one: it needs neither free Droplets nor an offered version. */
export async function existingCluster(ask: Ask, name: string): Promise<{ version: string } | undefined> {
  const answer = await ask('/kubernetes/clusters?per_page=200', shape);
  if (typeof answer === 'string') return undefined;
  return answer.found.kubernetes_clusters?.find((each) => each.name === name);
}
