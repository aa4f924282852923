import type { TargetContext } from '../core/incident/context';
import type { Cluster, ReadSubject } from './ports';

/** Reads what explains an alert; an alert without a target has the context `unavailable`. */
export async function getContext(
  cluster: Pick<Cluster, 'readContext'>,
  { id, target, targetProblem }: ReadSubject,
  now: Date,
): Promise<TargetContext> {
  if (target !== null) return cluster.readContext(target, id, now);
  const detail = `the target is unknown: ${targetProblem ?? 'not named'}`;
  return { status: 'unavailable', readAt: now.toISOString(), detail };
}
