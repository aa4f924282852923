import { PipelineError } from '../../../../core/errors';
import type { Gap } from '../../../../core/response/gap';
import { isIntact } from '../../../../core/response/intact';
import { ownLabels } from '../../../../core/response/originalLabels';
import { endOfQuarantine, isOpen, type QuarantineRecord, type RecordSpec } from '../../../../core/response/record';
import { treatmentOf } from '../../../../core/response/workloadKinds';
import { readPod } from '../../state/loadPodState';
import { ensureRecord, findRecord } from '../../resources/records';
import { type ActionDefinition, type ActionInput, type ActionResult, podName } from '../action';
import { ensurePolicy } from './ensurePolicy';
import { reportMismatch } from './mismatch';
import { markPod } from './markPod';
import { verifyIsolation } from './verify';

/**
 * Cuts a pod off the network and keeps it running. The deny-all NetworkPolicy and our record of what the pod was come first, so
 * that a labelled pod is never an open one, and nothing is labelled that cannot be put back; then, in one change, the label
 * and the removal of the pod's own labels where its controller replaces it.
 */
export const quarantinePod: ActionDefinition = {
  rights: [
    { apiGroup: '', resource: 'pods', verb: 'patch' },
    { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'get' },
    { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'list' },
    { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'create' },
  ],
  begin: beginIsolation,
  run: async (input) => {
    await ensurePolicy(input);
    const known = await knownRecord(input);
    if (known !== null && !isOpen(known)) return isolate(input, known);
    // If nothing has to be written, no conflict would show that the reading was stale: so the version is checked here.
    if (known !== null) await requireCurrent(input);
    if (known !== null && isIntact(input.context.pod, known))
      return verifyIsolation(input, known, input.context.pod, null);
    if (known?.status.state === 'Quarantined') return reportMismatch(input, known);
    return isolate(input, known);
  },
};

/**
 * Makes the record of a first isolation while the budget is asked; anything else is found out in its turn. Where it fails, the
 * isolation makes it, and meets the same problem.
 */
export async function beginIsolation(input: ActionInput): Promise<QuarantineRecord | null> {
  const { pod, quarantine } = input.context;
  return input.dryRun || pod.marked || quarantine !== null ? null : ensureRecord(input, specOf(input), null);
}

/** @param known a record that has ended, or is open and not as the pod is; null when there is none */
async function isolate(input: ActionInput, known: QuarantineRecord | null): Promise<ActionResult> {
  const record = input.record ?? (await ensureRecord(input, specOf(input), known));
  // Another run isolated the pod between our reading and now; its change of the pod makes ours fail, and we read again.
  const { pod, attached } = await markPod(input, record, treatmentOf(input.context.pod.owner?.kind ?? null));
  if (input.dryRun) return rehearsed(input, attached);
  return verifyIsolation(input, record, pod, attached);
}

/** Asked for only where there is reason to believe in one: on the way to a first isolation it would be a call too many. */
async function knownRecord({ client, context }: ActionInput): Promise<QuarantineRecord | null> {
  return context.pod.marked || context.quarantine !== null ? findRecord(client, context.pod.uid) : null;
}

/** @throws PipelineError `conflict` when the pod has changed since it was read */
async function requireCurrent({ client, context: { namespace, pod } }: ActionInput): Promise<void> {
  const live = await readPod(client, namespace.name, pod.name);
  if (live.resourceVersion === pod.resourceVersion) return;
  throw new PipelineError('conflict', `pod ${namespace.name}/${pod.name} has changed since it was read`, {
    nextStep: 'Run the step again.',
  });
}

function specOf({ incident, context, decidedBy, now }: ActionInput): RecordSpec {
  const { pod, namespace, workload } = context;
  const requestedAt = now();
  return {
    incident: incident.alert.id,
    pod: { namespace: namespace.name, name: pod.name, uid: pod.uid },
    ...(pod.owner === null ? {} : { owner: pod.owner }),
    ...(workload === null ? {} : { workload: { kind: workload.top.kind, name: workload.top.name } }),
    originalLabels: ownLabels(pod.labels),
    decision: decidedBy,
    requestedAt: requestedAt.toISOString(),
    until: endOfQuarantine(context, requestedAt),
  };
}

function rehearsed(input: ActionInput, attached: Gap | null): ActionResult {
  return {
    outcome: 'dry_run',
    reason: `pod ${podName(input)} would be quarantined`,
    gaps: attached === null ? [] : [attached.text],
  };
}
