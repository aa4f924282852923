import { clusterOf } from '../../../adapters/kubernetes/cluster';
import { captureEvidence as capture } from '../../../app/captureEvidence';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { done, type NodeOperation, toEscalate } from './operation';

/** Captures evidence of the pod and changes nothing. */
export const captureEvidence: NodeOperation = {
  name: 'Capture Evidence',
  value: 'capture_evidence',
  action: 'Capture evidence of the pod',
  description: 'Keep manifest, owners, logs, events and node; changes nothing',
  run: async ({ context, client, json, index }) => {
    const { alert } = readIncident(json);
    const evidenceMs = Number(context.getNodeParameter('evidenceSeconds', index, 5)) * 1000;
    const captured = await capture(clusterOf(client), alert, evidenceMs, now);
    return ('evidence' in captured ? done : toEscalate)({ ...json, ...captured });
  },
};
