import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Cluster } from '../../../app/ports';
import type { Processed } from '../../shared/itemLoop';
import type { NodeResource, ResourceOperation } from '../../shared/resource';
import { OUTPUTS } from '../outputs';

/** One item's way through an operation. */
export interface OperationInput {
  context: IExecuteFunctions;
  cluster: Cluster;
  json: IDataObject;
  index: number;
}

export type Run = (input: OperationInput) => Promise<Processed | Processed[]>;

export type Operation = ResourceOperation<Run>;
export type Resource = NodeResource<Run>;

export const DONE = OUTPUTS.indexOf('done');
const ESCALATE = OUTPUTS.indexOf('escalate');

export function done(json: object): Processed {
  return { output: DONE, json };
}

export function toEscalate(json: object): Processed {
  return { output: ESCALATE, json };
}
