import type { Evidence } from '../core/incident/evidence';
import type { Cluster, ReadSubject } from './ports';

/** Captures evidence of an alert's pod and changes nothing; says why where there is no such pod. */
export async function captureEvidence(
  cluster: Pick<Cluster, 'tryLoadPodState' | 'captureEvidence'>,
  { id, target }: ReadSubject,
  evidenceMs: number,
  now: () => Date,
): Promise<{ evidence: Evidence } | { evidenceProblem: string }> {
  if (target === null) return { evidenceProblem: 'the target is unknown' };
  const context = await cluster.tryLoadPodState(target, id, now());
  if (context.status !== 'found') return { evidenceProblem: context.detail };
  return { evidence: await cluster.captureEvidence(context, evidenceMs, now) };
}
