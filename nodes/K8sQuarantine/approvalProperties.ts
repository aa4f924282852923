import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['decide_approval'] } };

export const APPROVAL_PROPERTIES: INodeProperties[] = [
  {
    displayName: 'Approval',
    name: 'approvalName',
    type: 'string',
    required: true,
    default: '={{ $json.approval }}',
    displayOptions: { show: { operation: ['get_approval', 'decide_approval'] } },
    description: 'Name of the Approval, as List Approvals gives it',
  },
  {
    displayName: 'Choice',
    name: 'choice',
    type: 'options',
    default: 'reject',
    displayOptions,
    options: [
      { name: 'Approve', value: 'approve', description: 'Do what was proposed' },
      { name: 'Delete Pod', value: 'delete_pod' },
      { name: 'Ignore', value: 'ignore', description: 'A false positive: do nothing' },
      { name: 'Quarantine Pod', value: 'quarantine_pod' },
      { name: 'Reject', value: 'reject', description: 'Do nothing; the pod stays as it is' },
      { name: 'Release Pod', value: 'release_pod', description: 'A false positive: take the pod out of quarantine' },
    ],
  },
  {
    displayName: 'Decided By',
    name: 'decidedBy',
    type: 'string',
    required: true,
    default: '={{ $json.decidedBy }}',
    displayOptions,
    description: 'Who decides, as n8n knows them; kept in the Approval',
  },
  {
    displayName: 'Decided Through',
    name: 'via',
    type: 'options',
    noDataExpression: true,
    default: 'form',
    displayOptions,
    options: [
      { name: 'Form Behind a Login', value: 'form' },
      { name: 'Link', value: 'link', description: 'The holder of the link; recorded as such' },
    ],
  },
];
