import { presentable } from '../../../../core/alert/text';
import { configurationOf, type PodContext } from '../../../../core/context/context';
import { QUARANTINE_POLICY } from '../../../../core/names';
import { openings } from '../../../../core/response/openings';
import { isQuarantinePolicy } from '../../../../core/response/quarantine';
import { ownLabels } from '../../../../core/response/originalLabels';
import type { QuarantineRecord } from '../../../../core/response/record';
import { treatmentOf } from '../../../../core/response/workloadKinds';
import { calling } from '../../errors';
import { markRecord } from '../../records';
import { type ActionInput, type ActionResult, podName } from '../action';

/** Looks at what has been reached: is the pod as it should be, what is still open, and does our record say so. */
export async function settle(
  input: ActionInput,
  record: QuarantineRecord,
  pod: PodContext,
  attached: string | null,
): Promise<ActionResult> {
  const { context, checked, changed, dryRun } = input;
  const detached = Object.keys(ownLabels(pod.labels)).length === 0;
  if (pod.uid !== record.spec.pod.uid || !pod.marked)
    return {
      outcome: 'failed',
      reason: 'the label was set but is not there when read back: something else changes the pod',
    };
  const policies = await readPolicies(input);
  const own = policies.find(({ name }) => name === QUARANTINE_POLICY);
  if (!isQuarantinePolicy(own?.spec))
    return {
      outcome: 'failed',
      reason: `pod ${podName(input)} is labelled, but NetworkPolicy ${QUARANTINE_POLICY} is gone or changed: the pod is not cut off`,
    };
  checked.push(
    `pod uid ${pod.uid} bears the label`,
    `NetworkPolicy ${QUARANTINE_POLICY} denies all traffic of labelled pods`,
    `${policies.length} NetworkPolicies of the namespace compared with the pod’s labels`,
  );

  const open = openings({
    labels: pod.labels,
    hostNetwork: pod.hostNetwork,
    attached: detached ? null : (attached ?? stayed(record)),
    policies,
    network: configurationOf(context)?.network ?? NOTHING_ATTESTED,
  });
  const contained = open.length === 0 ? 'full' : 'partial';
  // What an earlier run began and could not finish, or did without hearing of it, is done now.
  if (changed.length === 0 && record.status.state === undefined)
    changed.push(`finished the isolation of pod ${podName(input)} that was begun`);
  const unchanged = changed.length === 0;
  if (!dryRun) await writeDown(input, record, { contained, reasons: open, detached });
  return {
    outcome: unchanged ? 'unchanged' : 'done',
    reason: unchanged
      ? `pod ${podName(input)} was quarantined already, by incident ${record.spec.incident}`
      : `pod ${podName(input)} is ${detached ? 'labelled, detached' : 'labelled'} and selected by the NetworkPolicy`,
    contained,
    openings: open,
    undo: `K8s Quarantine, operation Release Pod, for ${podName(input)} (uid ${pod.uid})`,
  };
}

const NOTHING_ATTESTED = { enforced: false, cutsOpenConnections: false };

/** Brings our record up to what was found; one that says so already is left alone. */
async function writeDown(
  { client, incident, now }: ActionInput,
  { metadata, spec, status }: QuarantineRecord,
  found: { contained: 'full' | 'partial'; reasons: string[]; detached: boolean },
): Promise<void> {
  const confirmed = spec.decision.by === 'contain_first' ? incident.decision?.decision : undefined;
  if (status.state === 'Quarantined' && confirmed === undefined) return;
  await markRecord(client, metadata.name, {
    state: 'Quarantined',
    ...found,
    reasons: found.reasons.slice(0, 32).map((reason) => presentable(reason, 1000)),
    quarantinedAt: status.quarantinedAt ?? now().toISOString(),
    changedAt: now().toISOString(),
    ...(confirmed === undefined ? {} : { confirmedBy: confirmed }),
  });
}

/** For a pod that was isolated in an earlier run. */
function stayed({ spec }: QuarantineRecord): string {
  return treatmentOf(spec.owner?.kind ?? null).reason ?? 'the pod kept its labels, so Services that select it still do';
}

async function readPolicies({ client, context }: ActionInput) {
  const namespace = context.namespace.name;
  const { items } = await calling({ what: `list NetworkPolicies of ${namespace}`, server: client.server }, () =>
    client.networking.listNamespacedNetworkPolicy({ namespace }),
  );
  return items.map(({ metadata, spec }) => ({ name: metadata?.name ?? '', spec }));
}
