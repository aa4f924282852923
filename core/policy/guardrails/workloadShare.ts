import { acts } from '../strength';
import { configurationOf } from '../../incident/context';
import { isContained } from '../../incident/quarantineState';
import { escalate, type Guardrail } from './guardrail';

/** A workload must not be taken down pod by pod, even if each single action seems well-founded. */
export const workloadShare: Guardrail = {
  name: 'workload_share',
  liftedByApproval: true,
  check: ({ decision, context }) => {
    const percent = configurationOf(context)?.workloadSharePercent;
    if (!acts(decision) || context?.status !== 'found' || percent === undefined) return null;
    const { workload, quarantine } = context;
    if (workload === null || workload.kind === 'Job' || isContained(quarantine)) return null;
    const allowed = Math.floor((workload.desired * percent) / 100);
    return workload.contained + 1 <= allowed
      ? null
      : escalate(
          `${workload.contained} of ${workload.desired} replicas of ${workload.top.kind}/${workload.top.name} are contained, at most ${allowed} (${percent} %) may be`,
        );
  },
};
