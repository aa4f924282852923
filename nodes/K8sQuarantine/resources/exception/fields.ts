import type { INodeProperties } from 'n8n-workflow';

export const DECIDED_APPROVAL: INodeProperties = {
  displayName: 'Decided Approval',
  name: 'decidedApproval',
  type: 'string',
  required: true,
  default: '={{ $json.decision.approval.name }}',
  description: 'Name of an Approval on which a person decided that it is a false positive',
};

export const MATCH: INodeProperties = {
  displayName: 'Match',
  name: 'match',
  type: 'multiOptions',
  required: true,
  default: ['workload', 'command'],
  options: [
    { name: 'Command Line', value: 'command', description: 'Exactly the same; code in the pod can forge it' },
    { name: 'Image', value: 'image', description: 'Its repository, whatever the tag' },
    { name: 'Parent Process', value: 'parent', description: 'Its name; code in the pod can forge it' },
    {
      name: 'Workload',
      value: 'workload',
      description: 'The Deployment, StatefulSet or other object that owns the pod',
    },
  ],
  description: 'What later alerts have to share besides rule and namespace. A workload or an image has to be among it.',
};

export const OWNER: INodeProperties = {
  displayName: 'Owner',
  name: 'owner',
  type: 'string',
  default: '',
  description: 'Who is responsible for the exception; empty means who decided',
};

export const REASON: INodeProperties = {
  displayName: 'Reason',
  name: 'reason',
  type: 'string',
  required: true,
  default: '',
  description: 'Why alerts like this one are false positives',
};

export const DAYS: INodeProperties = {
  displayName: 'Days',
  name: 'days',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 90 },
  default: 30,
  description: 'For how many days it counts',
};
