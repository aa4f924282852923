import type { INodeProperties } from 'n8n-workflow';

import { ACTIONS } from '../../core/response/response';

/** Operations that change something in the cluster. */
const ACTING: string[] = [...ACTIONS];

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get_context',
    options: [
      {
        name: 'Delete Pod',
        value: 'delete_pod',
        action: 'Delete the pod',
        description: 'Delete the pod with the alert’s uid and wait until it is gone',
      },
      {
        name: 'Get Context',
        value: 'get_context',
        action: 'Read the pod s context',
        description: 'Read the pod, its owner, its namespace’s mode and recent events',
      },
      {
        name: 'Quarantine Pod',
        value: 'quarantine_pod',
        action: 'Quarantine the pod',
        description: 'Cut the pod off the network and keep it running',
      },
      {
        name: 'Record Event',
        value: 'record_event',
        action: 'Record an event',
        description: 'Leave a Kubernetes Event that says the incident needs a person',
      },
      {
        name: 'Release Pod',
        value: 'release_pod',
        action: 'Release the pod',
        description: 'Take the pod out of quarantine',
      },
    ],
  },
  {
    displayName: 'Require a Decision',
    name: 'requireDecision',
    type: 'boolean',
    noDataExpression: true,
    default: true,
    displayOptions: { show: { operation: ['quarantine_pod', 'delete_pod'] } },
    description:
      'Whether to act only on items with a decision of RACE Agent that permits the operation. Policy is applied either way.',
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
];
