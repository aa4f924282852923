import type { INodeProperties } from 'n8n-workflow';

import { MODE_PROPERTY } from '../shared/mode';
import { REUSE_PROPERTY } from '../shared/answers';
import { MODEL_PROPERTIES } from '../shared/model';

export const properties: INodeProperties[] = [
  {
    displayName:
      'Without a model, or when it gives no valid answer, the playbook proposes. In either case policy may only make the proposal safer.',
    name: 'withoutModel',
    type: 'notice',
    default: '',
  },
  MODE_PROPERTY,
  ...MODEL_PROPERTIES,
  REUSE_PROPERTY,
];
