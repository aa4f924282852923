import type { INodeProperties } from 'n8n-workflow';

import { CREATE_PROPERTIES } from './createProperties';
import { operationProperty } from '../shared/operation';
import { OPERATIONS } from './operations';

/** Operations that need the claims. */
const CLAIMING = ['create', 'due_for_review', 'confirm_reported', 'end_for_incident'];
/** Operations that need none. */
export const OF_ONE_TASK = ['get', 'wait', 'get_events', 'follow_events', 'answer_approval', 'cancel'];

const shownFor = (...operation: string[]) => ({ displayOptions: { show: { operation } } });

export const properties: INodeProperties[] = [
  operationProperty(OPERATIONS, 'create'),
  {
    displayName: 'Claim Store',
    name: 'claims',
    type: 'options',
    noDataExpression: true,
    default: 'kubernetes',
    ...shownFor(...CLAIMING),
    options: [
      { name: 'Kubernetes', value: 'kubernetes', description: 'As NeoTask objects in the namespace n8n' },
      { name: 'PostgreSQL', value: 'postgres', description: 'As rows of a table; for an n8n that has no cluster' },
    ],
    description:
      'What makes sure that an incident gets one task. It must be the same for all that may get the incident.',
  },
  ...CREATE_PROPERTIES,
  {
    displayName: 'Task',
    name: 'taskId',
    type: 'string',
    required: true,
    default: '={{ $json.response.task.id }}',
    ...shownFor(...OF_ONE_TASK),
    description: 'Its ID, as Create gives it',
  },
  {
    displayName: 'Approval Request',
    name: 'approvalRequestId',
    type: 'string',
    required: true,
    default: '={{ $json.response.task.approval.id }}',
    ...shownFor('answer_approval'),
    description: 'Its ID, as Get and Wait Until Done give it',
  },
  {
    displayName: 'Approve',
    name: 'approve',
    type: 'boolean',
    default: false,
    ...shownFor('answer_approval'),
    description: 'Whether Neo may do it',
  },
  {
    displayName: 'Instructions',
    name: 'instructions',
    type: 'string',
    typeOptions: { rows: 3 },
    default: '',
    displayOptions: { show: { operation: ['answer_approval'], approve: [false] } },
    description: 'What Neo is to do instead',
  },
  {
    displayName: 'After Event',
    name: 'after',
    type: 'string',
    default: '',
    ...shownFor('follow_events'),
    description: 'ID of the last event that was seen; empty for all of them',
  },
  {
    displayName: 'Timeout (Minutes)',
    name: 'minutes',
    type: 'number',
    typeOptions: { minValue: 0.01, maxValue: 1440 },
    default: 60,
    ...shownFor('wait', 'follow_events'),
    description: 'How long to wait. A longer task keeps running; its item leaves by the output person.',
  },
  {
    displayName: 'Poll Interval (Seconds)',
    name: 'pollSeconds',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 600 },
    default: 10,
    ...shownFor('wait'),
    description: 'How often to ask for the state of the task',
  },
  {
    displayName: 'Overdue After (Minutes)',
    name: 'overdueMinutes',
    type: 'number',
    typeOptions: { minValue: 0.01, maxValue: 10080 },
    default: 120,
    ...shownFor('due_for_review'),
    description: 'How long Neo may work on a task before a person is told',
  },
];
