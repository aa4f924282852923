import type { INodeProperties } from 'n8n-workflow';

import { REUSE_PROPERTY } from '../shared/answers';
import { MODEL_PROPERTIES } from '../shared/model';

export const properties: INodeProperties[] = [
  {
    displayName:
      "Without a model, or when it gives no valid answer, the analysis is built from the alert and the cluster's state alone, and says so",
    name: 'withoutModel',
    type: 'notice',
    default: '',
  },
  ...MODEL_PROPERTIES,
  REUSE_PROPERTY,
];
