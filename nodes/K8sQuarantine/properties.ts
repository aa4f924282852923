import type { INodeProperties } from 'n8n-workflow';

import { ACTIONS } from '../../core/incident/actions';
import { MODE_PROPERTY } from '../shared/mode';
import { operationProperty } from '../shared/operation';
import { APPROVAL_PROPERTIES } from './approvalProperties';
import { OPERATIONS } from './operations';

/** Operations that change pods. */
export const ACTING: string[] = [...ACTIONS, 'contain_first'];

export const properties: INodeProperties[] = [
  operationProperty(OPERATIONS, 'get_context'),
  {
    displayName: 'Require a Decision',
    name: 'requireDecision',
    type: 'boolean',
    noDataExpression: true,
    default: true,
    displayOptions: { show: { operation: [...ACTIONS] } },
    description:
      'Whether to act only on items with a decision of RACE Agent or of a person that permits the operation. Policy is applied either way.',
  },
  { ...MODE_PROPERTY, displayOptions: { show: { operation: ACTING } } },
  {
    displayName: 'If a Replacement Is Ready',
    name: 'onReplacement',
    type: 'options',
    noDataExpression: true,
    default: 'evict',
    displayOptions: { show: { operation: ['release_pod'] } },
    options: [
      {
        name: 'Evict the Pod',
        value: 'evict',
        description: 'Its controller has all its replicas again and would end one of them',
      },
      {
        name: 'Give It Back to Its Controller',
        value: 'readopt',
        description: 'Which then ends one pod of its choice',
      },
    ],
  },
  {
    displayName: 'Evidence Deadline (Seconds)',
    name: 'evidenceSeconds',
    type: 'number',
    noDataExpression: true,
    typeOptions: { minValue: 0, maxValue: 120 },
    default: 5,
    displayOptions: { show: { operation: ['delete_pod', 'capture_evidence'] } },
    description:
      'How long reading the manifest, owners, logs, events and node may take. What is late is named and not waited for.',
  },
  {
    displayName: 'Dry Run',
    name: 'dryRun',
    type: 'boolean',
    noDataExpression: true,
    default: false,
    displayOptions: { show: { operation: ACTING } },
    description: 'Whether to have the API server check the change without storing it',
  },
  ...APPROVAL_PROPERTIES,
];
