import { PipelineError } from '../core/errors';
import type { TargetContext } from '../core/incident/context';
import { OUTAGE_MS, outlast } from './outage';
import type { Cluster, ReadSubject } from './ports';

/**
 * Reads what explains an alert. An API server that is starting again is waited for; one that does not answer, and an alert
 * without a target, become the context `unavailable`.
 */
export async function getContext(
  cluster: Pick<Cluster, 'readContext' | 'isStarting'>,
  { id, target, targetProblem, alert }: ReadSubject,
  now: () => Date,
  outageMs = OUTAGE_MS,
): Promise<TargetContext> {
  const unavailable = (detail: string): TargetContext => ({
    status: 'unavailable',
    readAt: now().toISOString(),
    detail,
  });
  if (target === null) return unavailable(`the target is unknown: ${targetProblem ?? 'not named'}`);
  try {
    return await outlast(cluster, outageMs, () => cluster.readContext(target, id, now(), alert));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return unavailable(`${error.message}. ${error.nextStep}`);
  }
}
