import { z } from 'zod/v4';
import type { Settings } from '../settings/settings';
import type { Problem } from '../settings/problems';
import type { Ask } from './ask';

const appShape = z.object({ instance_sizes: z.array(z.object({ slug: z.string() })) });
const databaseShape = z.object({
  options: z.object({
    pg: z.object({ layouts: z.array(z.object({ num_nodes: z.number(), sizes: z.array(z.string()) })) }),
  }),
});

/** Whether there are an app and a database of these sizes, where n8n needs them. */
export async function appPlatformProblems(
  ask: Ask,
  { host, appSize, databaseSize }: Settings['n8n'],
): Promise<Problem[]> {
  if (host !== 'app-platform') return [];
  const [apps, databases] = await Promise.all([
    ask('/apps/tiers/instance_sizes', appShape),
    ask('/databases/options', databaseShape),
  ]);
  const appSizes = typeof apps === 'string' ? [] : apps.found.instance_sizes.map(({ slug }) => slug);
  const layouts = typeof databases === 'string' ? [] : databases.found.options.pg.layouts;
  const databaseSizes = layouts.flatMap(({ num_nodes: nodes, sizes }) => (nodes === 1 ? sizes : []));
  return [
    ...sizeProblems('app-size', appSize, appSizes, 'App Platform'),
    ...sizeProblems('database-size', databaseSize, databaseSizes, "DigitalOcean's PostgreSQL with one node"),
  ];
}

/** @param offered none at all where the question was not answered */
const sizeProblems = (key: string, size: string, offered: string[], where: string): Problem[] =>
  offered.length === 0 || offered.includes(size)
    ? []
    : [{ key, what: `is ${size}, which ${where} does not come in. It comes in ${offered.join(', ')}.` }];
