import { PipelineError } from '../core/errors';
import { parsePriority } from '../core/incident/priority';
import { type Approval, atRound, type Execution, type JoinedPod, roundOf } from '../core/response/approval';
import { approvalSpec, joiningPod, type WaitingIncident } from '../core/response/approvalItem';
import { withPod } from '../core/response/approvalPods';
import { withPriority } from '../core/response/approvalPriority';
import { changeApproval } from './changeApproval';
import type { Cluster } from './ports';

type Requester = Pick<Cluster, 'requestApproval' | 'readApproval' | 'writeApproval'>;

/** Beyond so many decided or full Approvals of one incident something else is wrong. */
const ROUNDS = 20;

/**
 * Puts an incident before a person, for as long as the ResponsePolicy says. A second request gives the first Approval, with
 * the more severe priority of the two; a further pod of the incident joins it. Where it was decided or is full, the incident's next Approval takes the pod.
 */
export async function requestApproval(
  cluster: Requester & Pick<Cluster, 'readConfiguration'>,
  incident: WaitingIncident,
  now: Date,
  execution?: Execution,
): Promise<Approval> {
  const { approvalHours } = await cluster.readConfiguration();
  const spec = approvalSpec(incident, approvalHours, now, execution);
  return joinApproval(cluster, spec, joiningPod(incident, now, execution), now);
}

/** The first Approval, from the spec's own round on, that takes the pod or names it already. */
export async function joinApproval(
  cluster: Requester,
  spec: Approval['spec'],
  pod: JoinedPod | null,
  now: Date,
): Promise<Approval> {
  for (let round = roundOf(spec), end = round + ROUNDS; round < end; round += 1) {
    const found = await cluster.requestApproval(atRound(spec, round));
    // An Approval that has no room for the pod waits as well.
    const raised = await changeApproval<Approval>(cluster, found, (approval) => {
      const status = withPriority(approval, parsePriority(spec.priority), now);
      return status === null ? { result: approval } : { status };
    });
    const joined = await changeApproval<Approval | null>(cluster, raised, (approval) => {
      const next = withPod(approval, pod, now);
      return typeof next === 'string' ? { result: next === 'named' ? approval : null } : { status: next };
    });
    if (joined !== null) return joined;
  }
  throw new PipelineError('conflict', `incident ${spec.incident} has had ${ROUNDS} Approvals`, {
    nextStep: 'Look at the incident: kubectl get approvals -n n8n shows what was decided on it.',
    incidentId: spec.incident,
  });
}
