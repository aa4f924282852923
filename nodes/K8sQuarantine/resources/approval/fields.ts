import type { INodeProperties } from 'n8n-workflow';

export const RETURN_ALL: INodeProperties = {
  displayName: 'Return All',
  name: 'returnAll',
  type: 'boolean',
  default: false,
  description: 'Whether to return all results or only up to a given limit',
};

/** A page for a person: more would take n8n and a browser long to draw. */
export const LIMIT: INodeProperties = {
  displayName: 'Limit',
  name: 'limit',
  type: 'number',
  typeOptions: { minValue: 1 },
  default: 50,
  displayOptions: { show: { returnAll: [false] } },
  description: 'Max number of results to return',
};

export const CHOICE: INodeProperties = {
  displayName: 'Choice',
  name: 'choice',
  type: 'options',
  default: 'reject',
  options: [
    { name: 'Approve', value: 'approve', description: 'Do what was proposed' },
    { name: 'Delete Pod', value: 'delete_pod' },
    { name: 'Ignore', value: 'ignore', description: 'A false positive: do nothing' },
    { name: 'Quarantine Pod', value: 'quarantine_pod' },
    { name: 'Reject', value: 'reject', description: 'Do nothing; the pod stays as it is' },
    { name: 'Release Pod', value: 'release_pod', description: 'A false positive: take the pod out of quarantine' },
  ],
};

export const DECIDED_BY: INodeProperties = {
  displayName: 'Decided By',
  name: 'decidedBy',
  type: 'string',
  required: true,
  default: '={{ $json.decidedBy }}',
  description: 'Who decides, as n8n knows them; kept in the Approval',
};

export const SHOWN: INodeProperties = {
  displayName: 'Pods Shown',
  name: 'shown',
  type: 'number',
  default: '={{ $json.shown }}',
  description:
    'How many of the pods the page named, as Get gives it. The decision holds for these; pods that joined later wait as another approval. Without a number it holds for the first one.',
};

export const DECIDED_THROUGH: INodeProperties = {
  displayName: 'Decided Through',
  name: 'via',
  type: 'options',
  noDataExpression: true,
  default: 'form',
  options: [
    { name: 'Form Behind a Login', value: 'form' },
    { name: 'Link', value: 'link', description: 'The holder of the link; recorded as such' },
  ],
};
