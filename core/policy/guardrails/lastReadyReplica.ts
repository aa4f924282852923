import { isContained } from '../../incident/quarantineState';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** Removing the last ready replica causes an outage, which may be the attacker's goal. A Job serves no requests. */
export const lastReadyReplica: Guardrail = {
  name: 'last_ready_replica',
  liftedByApproval: true,
  check: ({ decision, context }) => {
    if (!acts(decision) || context?.status !== 'found') return null;
    const { workload, pod, quarantine } = context;
    if (isContained(quarantine) || workload?.kind === 'Job') return null;
    if (workload === null)
      return pod.owner === null ? null : escalate(`the replicas of ${pod.owner.kind}/${pod.owner.name} were not read`);
    const others = workload.ready - (pod.ready ? 1 : 0);
    return others > 0 ? null : escalate(`no other replica of ${workload.kind}/${workload.name} is ready`);
  },
};
