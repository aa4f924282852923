import type { Alert } from '../../incident/alert';
import type { PodContext } from '../../incident/context';
import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** Whether a pod is older than the alert, so that an alert with only the pod's name can be about it. */
export function existedBefore({ time }: Pick<Alert, 'time'>, { createdAt }: Pick<PodContext, 'createdAt'>): boolean {
  // Kubernetes rounds creation times down to the second: a pod created in the alert's second may be younger than the
  // alert.
  return Math.floor(Date.parse(time) / 1000) > Date.parse(createdAt) / 1000;
}

/**
 * The live pod must be the one that the alert is about. With a uid, the API server's answer decides. Without a uid, a
 * pod that is older than the alert may be isolated, because that can be undone, but never deleted.
 */
export const podIdentity: Guardrail = {
  name: 'pod_identity',
  liftedByApproval: false,
  check: ({ decision, alert, context }) => {
    if (!acts(decision) || alert.target === null || context?.status !== 'found') return null;
    const { podUid } = alert.target;
    if (podUid !== null) {
      return podUid === context.pod.uid ? null : escalate("the live pod has another uid than the alert's");
    }
    if (!existedBefore(alert, context.pod)) {
      return escalate('the alert has no pod uid and the live pod is not older than the alert');
    }
    return {
      ceiling: 'quarantine_pod',
      reason: 'the alert has no pod uid, so the pod may be isolated but not deleted',
    };
  },
};
