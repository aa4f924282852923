import type { PodContext } from '../../../core/incident/context';
import { type Binding, refuseUnboundRelease } from '../../../core/policy/release';
import { QUARANTINE_POLICY } from '../../../core/names';
import { isIntact } from '../../../core/response/intact';
import { encodeLabels, ownLabels } from '../../../core/response/originalLabels';
import { releasePatch } from '../../../core/response/quarantine';
import { isOpen, type QuarantineRecord } from '../../../core/response/record';
import { mergePatch } from '../api/client';
import { apiCall } from '../api/errors';
import { findRecord, markRecord } from '../resources/records';
import { toPodContext } from '../state/toPodContext';
import { type ActionDefinition, type ActionInput, type ActionResult, podName, dryRunOption } from './action';
import { evictPod } from './evictPod';
import { reportMismatch } from './quarantine/mismatch';
import { whySuperfluous } from './superfluous';

/**
 * Takes a pod out of quarantine and gives it back exactly the labels that our record holds. A pod whose controller has a
 * ready replacement is evicted instead: re-adopted it would be one too many, and the controller would choose whom to end.
 */
export const releasePod: ActionDefinition = {
  rights: [{ apiGroup: '', resource: 'pods', verb: 'patch' }, ...evictPod.rights],
  run: async (input) => {
    const { client, context, checked, readopt } = input;
    const record = await findRecord(client, context.pod.uid);
    if (record === null || !isOpen(record)) return notByUs(input);
    if (!context.pod.marked && record.status.state === undefined) return notByUs(input);
    const refusal = refuseUnboundRelease(bindingOf(input, record));
    if (refusal !== null) return { outcome: 'refused', ...refusal };
    if (isReleased(context.pod, record)) return finish(input, record);
    if (!isIntact(context.pod, record)) return reportMismatch(input, record);
    checked.push(`record ${record.metadata.name} and the pod say the same`);
    const superfluous = readopt ? null : await whySuperfluous(input, record);
    if (superfluous !== null) {
      const evicted = await evictPod.run(input);
      return { ...evicted, reason: `${superfluous}, so the pod was evicted: ${evicted.reason}` };
    }
    return restore(input, record);
  },
};

/** Without an open record of ours nothing is released, whatever labels the pod has. */
function notByUs(input: ActionInput): ActionResult {
  if (!input.context.pod.marked) return { outcome: 'unchanged', reason: `pod ${podName(input)} is not in quarantine` };
  return {
    outcome: 'refused',
    reason: `pod ${podName(input)} has the quarantine label, but no open record of ours says so: somebody else set the label`,
  };
}

function bindingOf({ incident, decidedBy, approvedUid }: ActionInput, { spec }: QuarantineRecord): Binding {
  return {
    alert: incident.alert,
    decision: incident.decision,
    approved: decidedBy.approvedBy !== undefined,
    approvedUid,
    record: { incident: spec.incident, uid: spec.pod.uid },
  };
}

/** Whether the pod is as it was: an earlier release got so far and could not note it, or its answer was lost. */
function isReleased(pod: PodContext, { spec }: QuarantineRecord): boolean {
  return (
    !pod.marked &&
    Object.keys(pod.annotations).length === 0 &&
    encodeLabels(ownLabels(pod.labels)) === encodeLabels(spec.originalLabels)
  );
}

async function finish(input: ActionInput, record: QuarantineRecord): Promise<ActionResult> {
  const { client, dryRun, changed, now } = input;
  if (dryRun) return { outcome: 'dry_run', reason: `pod ${podName(input)} has its labels already` };
  await markRecord(client, record, { state: 'Released', changedAt: now().toISOString() });
  changed.push(`noted the release of pod ${podName(input)} that was begun`);
  return { outcome: 'done', reason: `pod ${podName(input)} has its labels back` };
}

async function restore(input: ActionInput, record: QuarantineRecord): Promise<ActionResult> {
  const { client, context, dryRun, changed, now } = input;
  const { pod, namespace } = context;
  const options = await mergePatch();
  const body = releasePatch(pod.uid, pod.resourceVersion, record.spec.originalLabels);
  const live = toPodContext(
    await apiCall({ what: `release pod ${podName(input)}`, server: client.server }, () =>
      client.core.patchNamespacedPod(
        { namespace: namespace.name, name: pod.name, body, ...dryRunOption(dryRun) },
        options,
      ),
    ),
  );
  if (dryRun) return { outcome: 'dry_run', reason: `pod ${podName(input)} would be released` };
  changed.push(`gave pod ${podName(input)} its labels back`);
  const restored =
    live.uid === pod.uid &&
    !live.marked &&
    encodeLabels(ownLabels(live.labels)) === encodeLabels(record.spec.originalLabels);
  if (!restored) return { outcome: 'failed', reason: "the pod's labels are not as they were when read back" };
  await markRecord(client, record, { state: 'Released', changedAt: now().toISOString() });
  return {
    outcome: 'done',
    reason: `pod ${podName(input)} has its labels back; NetworkPolicy ${QUARANTINE_POLICY} selects it no more`,
    undo: 'K8s Quarantine, Pod: Quarantine',
  };
}
