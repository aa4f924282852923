import type { PodContext } from '../../../../core/incident/context';
import { hasCode } from '../../../../core/errors';
import { LABELS, QUARANTINED_VALUE } from '../../../../core/names';
import type { Gap } from '../../../../core/response/gap';
import { labelsKept, labelsKeptByAdmission } from '../../../../core/response/labelsKept';
import { type Marking, quarantinePatch } from '../../../../core/response/quarantine';
import type { QuarantineRecord } from '../../../../core/response/record';
import type { Treatment } from '../../../../core/response/workloadKinds';
import { mergePatch } from '../../api/client';
import { apiCall } from '../../api/errors';
import { toPodContext } from '../../state/toPodContext';
import { type ActionInput, podName, dryRunOption } from '../action';

interface Marked {
  /** The pod as the API server holds it after the change. */
  pod: PodContext;
  /** Why it was not detached, or null. */
  attached: Gap | null;
}

/**
 * Labels the pod and takes its own labels away, in one change. Where the API server refuses that, because an admission policy
 * insists on the labels or they do not fit into an annotation, the pod keeps them; where its annotations are full, it gets
 * the quarantine label alone, and our record says the rest.
 * @throws PipelineError `conflict` when the pod is not any more as it was read
 */
export async function markPod(
  input: ActionInput,
  record: QuarantineRecord,
  { detach, reason }: Treatment,
): Promise<Marked> {
  let attached = reason === null ? null : labelsKept(reason);
  const lesser: Marking[] = detach ? ['detached', 'annotated'] : ['annotated'];
  for (const marking of lesser) {
    try {
      return { pod: await patch(input, record, marking), attached };
    } catch (error) {
      if (!hasCode(error, 'rejected')) throw error;
      if (marking === 'detached') attached = labelsKeptByAdmission(error.message);
      else
        input.checked.push(`the quarantine's annotations were refused, so only the record has them: ${error.message}`);
    }
  }
  return { pod: await patch(input, record, 'labelled'), attached };
}

async function patch(input: ActionInput, { spec }: QuarantineRecord, marking: Marking): Promise<PodContext> {
  const { client, context, dryRun, changed } = input;
  const { pod, namespace } = context;
  const body = quarantinePatch({
    uid: pod.uid,
    resourceVersion: pod.resourceVersion,
    incidentId: spec.incident,
    originalLabels: spec.originalLabels,
    marking,
    at: spec.requestedAt,
    until: spec.until,
  });
  const options = await mergePatch();
  const live = await apiCall({ what: `label pod ${podName(input)}`, server: client.server }, () =>
    client.core.patchNamespacedPod(
      { namespace: namespace.name, name: pod.name, body, ...dryRunOption(dryRun) },
      options,
    ),
  );
  if (!dryRun) {
    changed.push(`labelled pod ${podName(input)} ${LABELS.quarantined}=${QUARANTINED_VALUE}`);
    if (marking === 'detached') changed.push(`took the labels of pod ${podName(input)} into an annotation`);
  }
  return toPodContext(live);
}
