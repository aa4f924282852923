import { captureEvidence as capture } from '../../../adapters/kubernetes/actions/evidence/capture';
import { tryLoadPodState } from '../../../adapters/kubernetes/state/loadPodState';
import { readIncident } from '../../../core/incident/incident';
import { done, type NodeOperation, toEscalate } from './operation';

/** Captures evidence of the pod and changes nothing. */
export const captureEvidence: NodeOperation = {
  name: 'Capture Evidence',
  value: 'capture_evidence',
  action: 'Capture evidence of the pod',
  description: 'Keep manifest, owners, logs, events and node; changes nothing',
  run: async ({ context, client, json, index }) => {
    const { alert } = readIncident(json);
    const now = () => new Date();
    if (alert.target === null) return toEscalate({ ...json, evidenceProblem: 'the target is unknown' });
    const read = await tryLoadPodState(client, alert.target, alert.id, now(), 'now');
    if (read.status !== 'found') return toEscalate({ ...json, evidenceProblem: read.detail });
    const evidenceMs = Number(context.getNodeParameter('evidenceSeconds', index, 5)) * 1000;
    return done({ ...json, evidence: await capture({ client, context: read, evidenceMs, now }) });
  },
};
