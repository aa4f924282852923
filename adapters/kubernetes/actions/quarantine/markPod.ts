import type { PodContext } from '../../../../core/context/context';
import { PipelineError } from '../../../../core/errors';
import { LABELS, QUARANTINED_VALUE } from '../../../../core/names';
import { quarantinePatch } from '../../../../core/response/quarantine';
import type { QuarantineRecord } from '../../../../core/response/record';
import type { Treatment } from '../../../../core/response/workloadKinds';
import { mergePatch } from '../../client';
import { calling } from '../../errors';
import { toPodContext } from '../../toPodContext';
import { type ActionInput, podName, rehearsal } from '../action';
import { ADMISSION_REFUSED } from './stayed';

export interface Marked {
  /** The pod as the API server holds it after the change. */
  pod: PodContext;
  /** Why it was not detached, or null. */
  attached: string | null;
}

/**
 * Labels the pod and takes its own labels away, in one change. Where an admission policy of the cluster insists on its
 * labels, it gets the quarantine label alone.
 * @throws PipelineError `conflict` when the pod is not any more as it was read
 */
export async function markPod(
  input: ActionInput,
  record: QuarantineRecord,
  { detach, reason }: Treatment,
): Promise<Marked> {
  if (!detach) return { pod: await patch(input, record, false), attached: reason };
  try {
    return { pod: await patch(input, record, true), attached: null };
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'rejected') throw error;
    const pod = await patch(input, record, false);
    return { pod, attached: `${ADMISSION_REFUSED}: ${error.message}` };
  }
}

async function patch(input: ActionInput, { spec }: QuarantineRecord, detach: boolean): Promise<PodContext> {
  const { client, context, dryRun, changed } = input;
  const { pod, namespace } = context;
  const body = quarantinePatch({
    uid: pod.uid,
    resourceVersion: pod.resourceVersion,
    incidentId: spec.incident,
    originalLabels: spec.originalLabels,
    detach,
    at: spec.requestedAt,
    until: spec.until,
  });
  const options = await mergePatch();
  const live = await calling({ what: `label pod ${podName(input)}`, server: client.server }, () =>
    client.core.patchNamespacedPod({ namespace: namespace.name, name: pod.name, body, ...rehearsal(dryRun) }, options),
  );
  if (!dryRun) {
    changed.push(`labelled pod ${podName(input)} ${LABELS.quarantined}=${QUARANTINED_VALUE}`);
    if (detach) changed.push(`took the labels of pod ${podName(input)} into an annotation`);
  }
  return toPodContext(live);
}
