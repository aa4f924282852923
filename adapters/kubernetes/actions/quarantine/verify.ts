import { isDeepStrictEqual } from 'node:util';

import { isolationAdvice } from '../../../../core/context/bypasses';
import { configurationOf, type PodContext } from '../../../../core/incident/context';
import { meansEscape } from '../../../../core/policy/escapes';
import { QUARANTINE_POLICY } from '../../../../core/names';
import { containmentOf, escapeGap, lastingGaps, recordedGaps } from '../../../../core/response/containmentGaps';
import { distinct, type Gap, textsOf } from '../../../../core/response/gap';
import { labelsKeptSince } from '../../../../core/response/labelsKept';
import { containmentGaps } from '../../../../core/response/networkReading';
import { ownLabels } from '../../../../core/response/originalLabels';
import { isQuarantinePolicy } from '../../../../core/response/quarantine';
import { factsOf, gapsOfRecord, type QuarantineRecord } from '../../../../core/response/record';
import { readNetwork } from '../../state/networkPolicies/readNetwork';
import { markIsolated } from '../../resources/records';
import { type ActionInput, type ActionResult, podName } from '../action';

/** Looks at what has been reached: is the pod as it should be, what is still open, and does our record say so. */
export async function verifyIsolation(
  input: ActionInput,
  record: QuarantineRecord,
  pod: PodContext,
  attached: Gap | null,
): Promise<ActionResult> {
  const { client, context, incident, checked, changed, dryRun } = input;
  const detached = Object.keys(ownLabels(pod.labels)).length === 0;
  if (pod.uid !== record.spec.pod.uid)
    return { outcome: 'failed', reason: `pod ${podName(input)} was replaced while it was isolated` };
  if (!pod.marked)
    return {
      outcome: 'failed',
      reason: 'the label was set but is not there when read back: something else changes the pod',
    };
  const network = await readNetwork(client, context.namespace.name);
  const own = network.policies.find(({ name }) => name === QUARANTINE_POLICY);
  if (!isQuarantinePolicy(own?.spec))
    return {
      outcome: 'failed',
      reason: `pod ${podName(input)} is labelled, but NetworkPolicy ${QUARANTINE_POLICY} is gone or changed: the pod is not cut off`,
    };
  checked.push(
    `pod uid ${pod.uid} has the label`,
    `NetworkPolicy ${QUARANTINE_POLICY} denies all traffic of labelled pods`,
    `${network.policies.length} NetworkPolicies of the namespace compared with the pod's labels`,
    `${network.others.policies.length} network policies of other kinds compared with the pod's labels`,
  );

  const { alert } = incident;
  const past = distinct([...lastingGaps(gapsOfRecord(record)), ...(meansEscape(alert) ? [escapeGap(alert.rule)] : [])]);
  const gaps = containmentGaps(pod, context.namespace.name, network, {
    attached: detached ? null : (attached ?? labelsKeptSince(record)),
    past,
    configuration: configurationOf(context),
  });
  const contained = containmentOf(gaps);
  // What an earlier run began and could not finish, or did without hearing of it, is done now.
  if (changed.length === 0 && record.status.state === undefined)
    changed.push(`finished the isolation of pod ${podName(input)} that was begun`);
  const unchanged = changed.length === 0;
  if (!dryRun) await writeDown(input, record, { contained, gaps: recordedGaps(gaps), detached });
  const leaves = pod.hostNetwork || pod.bypasses.length > 0 || past.length > 0;
  const reached = unchanged
    ? `pod ${podName(input)} was quarantined already, by incident ${record.spec.incident}`
    : `pod ${podName(input)} is ${detached ? 'labelled, detached' : 'labelled'} and selected by the NetworkPolicy`;
  return {
    outcome: unchanged ? 'unchanged' : 'done',
    reason: leaves ? `${reached}. ${isolationAdvice(pod.node)}` : reached,
    contained,
    gaps: textsOf(gaps),
    undo: `K8s Quarantine, Quarantine: Release, for ${podName(input)} (uid ${pod.uid})`,
  };
}

/** Brings our record up to what was found; one that says so already is left alone. */
async function writeDown(
  { client, incident, now }: ActionInput,
  record: QuarantineRecord,
  found: { contained: 'full' | 'partial'; gaps: Gap[]; detached: boolean },
): Promise<void> {
  const { spec, status } = record;
  const confirmed = spec.decision.by === 'contain_first' ? incident.decision?.decision : undefined;
  if (status.state === 'Quarantined' && confirmed === undefined) {
    const { contained, gaps, detached } = status;
    if (isDeepStrictEqual({ contained, gaps, detached }, found)) return;
  }
  const at = now().toISOString();
  await markIsolated(client, record, {
    state: 'Quarantined',
    ...found,
    quarantinedAt: factsOf(record).quarantinedAt ?? at,
    changedAt: at,
    ...(confirmed === undefined ? {} : { confirmedBy: confirmed }),
  });
}
