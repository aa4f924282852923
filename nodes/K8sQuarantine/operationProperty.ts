import type { INodeProperties } from 'n8n-workflow';

/** In alphabetical order of their names, as n8n shows them. */
export const OPERATION_PROPERTY: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: 'get_context',
  options: [
    {
      name: 'Capture Evidence',
      value: 'capture_evidence',
      action: 'Capture evidence of the pod',
      description: 'Keep manifest, owners, logs, events and node; changes nothing',
    },
    {
      name: 'Check Access',
      value: 'check_access',
      action: 'Check access to the API server',
      description: 'Say whose token it is and how long it lives; one that ends soon leaves by escalate',
    },
    {
      name: 'Contain First',
      value: 'contain_first',
      action: 'Contain the pod before reasoning',
      description: 'Isolate the pod at once where the ResponsePolicy wants that for rule and namespace',
    },
    {
      name: 'Decide Approval',
      value: 'decide_approval',
      action: 'Decide on a waiting incident',
      description: 'Take a person’s decision, once, and give the incident back with it',
    },
    {
      name: 'Delete Pod',
      value: 'delete_pod',
      action: 'Delete the pod',
      description: 'Isolate the pod, keep evidence, delete it by uid and wait until it is gone',
    },
    {
      name: 'Due for Review',
      value: 'due_for_review',
      action: 'Find quarantines that are due',
      description: 'Give an incident for each quarantine that a person has to look at; releases nothing',
    },
    {
      name: 'Evict Pod',
      value: 'evict_pod',
      action: 'Evict the pod',
      description: 'Have the pod leave as in a drain, with PodDisruptionBudgets honoured',
    },
    {
      name: 'Expire Approvals',
      value: 'expire_approvals',
      action: 'End approvals that nobody decided',
      description: 'Give back the incidents whose time to decide is over; their pods stay as they are',
    },
    {
      name: 'Get Context',
      value: 'get_context',
      action: 'Read the context of the pod',
      description: 'Read the pod, its owner, its namespace’s mode, recent events, configuration and budget',
    },
    {
      name: 'List Approvals',
      value: 'list_approvals',
      action: 'List incidents that wait for a person',
      description: 'Give an item for each incident that waits for a person',
    },
    {
      name: 'List Quarantined',
      value: 'list_quarantined',
      action: 'List quarantined pods',
      description: 'Give an item for each pod in quarantine, and whether it is still as our record says',
    },
    {
      name: 'Quarantine Pod',
      value: 'quarantine_pod',
      action: 'Quarantine the pod',
      description: 'Cut the pod off the network, detach it where it is replaced, and keep it running',
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
      description: 'Take the pod out of quarantine and give it exactly its labels back',
    },
    {
      name: 'Request Approval',
      value: 'request_approval',
      action: 'Put the incident before a person',
      description: 'Keep the incident until somebody decides or its time is over',
    },
  ],
};
