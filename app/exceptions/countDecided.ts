import type { Incident } from '../../core/incident/incident';
import type { Cluster } from '../ports';

/** Counts the events of a pass that an exception decided. Does not throw for what the API server answers. */
export async function countDecided(
  cluster: Pick<Cluster, 'countMatches'>,
  { alert, decision }: Incident,
  now: Date,
): Promise<void> {
  if (decision?.exception === undefined) return;
  await cluster.countMatches(decision.exception, 1 + (alert.incident?.repeats ?? 0), now);
}
