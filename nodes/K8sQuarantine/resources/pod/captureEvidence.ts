import { captureEvidence as capture } from '../../../../app/captureEvidence';
import { now } from '../../../shared/clock';
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
    const { context, cluster, json, index } = input;
    const evidenceMs = Number(context.getNodeParameter(EVIDENCE_DEADLINE.name, index, 5)) * 1000;
    const captured = await capture(cluster, podOf(input), evidenceMs, now);
    return ('evidence' in captured ? done : toEscalate)({ ...json, ...captured });
  },
};
