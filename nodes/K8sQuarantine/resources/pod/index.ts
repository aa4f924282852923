import { CONTAINING_ACTIONS } from '../../../../core/incident/actions';
import { actionOperation } from '../act';
import type { Resource } from '../operation';
import { captureEvidence } from './captureEvidence';
import { containFirst } from './containFirst';
import { getContext } from './getContext';

/** The pod that an alert is about. */
export const pod: Resource = {
  name: 'Pod',
  value: 'pod',
  operations: [getContext, captureEvidence, containFirst, ...CONTAINING_ACTIONS.map(actionOperation)],
};
