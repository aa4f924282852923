import { captureEvidence as capture } from '../../../../app/captureEvidence';
import { now } from '../../../shared/clock';
import { evidenceMs } from '../act';
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
    const captured = await capture(input.cluster, podOf(input), evidenceMs(input), now);
    return ('evidence' in captured ? done : toEscalate)({ ...input.json, ...captured });
  },
};
