import { captureEvidence as capture } from '../../../../adapters/kubernetes/actions/evidence/capture';
import { tryLoadPodState } from '../../../../adapters/kubernetes/state/loadPodState';
import { EVIDENCE_DEADLINE } from '../fields';
import { NAMESPACE, POD, POD_FROM, podOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';

/** Captures evidence of the pod and changes nothing. */
export const captureEvidence: Operation = {
  name: 'Capture Evidence',
  value: 'captureEvidence',
  action: 'Capture evidence of the pod',
  description: 'Keep manifest, owners, logs, events and node; changes nothing',
  fields: [POD_FROM, NAMESPACE, POD, EVIDENCE_DEADLINE],
  run: async (input) => {
    const { context, client, json, index } = input;
    const now = () => new Date();
    const { target, incident } = podOf(input);
    if (target === null) return toEscalate({ ...json, evidenceProblem: 'the target is unknown' });
    const read = await tryLoadPodState(client, target, incident, now(), 'now');
    if (read.status !== 'found') return toEscalate({ ...json, evidenceProblem: read.detail });
    const evidenceMs = Number(context.getNodeParameter('evidenceSeconds', index, 5)) * 1000;
    return done({ ...json, evidence: await capture({ client, context: read, evidenceMs, now }) });
  },
};
