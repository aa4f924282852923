import type { INodeProperties } from 'n8n-workflow';

/** In alphabetical order of their names, as n8n shows them. */
export const OPERATION_PROPERTY: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: 'create',
  options: [
    {
      name: 'Answer Approval',
      value: 'answer_approval',
      action: 'Answer an approval request of a task',
      description: 'Approve or reject what Neo asks for',
    },
    { name: 'Cancel', value: 'cancel', action: 'Cancel a task', description: 'Have Neo stop' },
    {
      name: 'Confirm Told',
      value: 'confirm_told',
      action: 'Confirm that people were told of a task',
      description: 'Keep what Due for Review or Create gave out from being told again',
    },
    {
      name: 'Create',
      value: 'create',
      action: 'Create the task of an incident',
      description: 'Claim the incident and ask Neo for its one task; the incident’s later copies leave by known',
    },
    {
      name: 'Due for Review',
      value: 'due_for_review',
      action: 'Find tasks that people have to hear of',
      description: 'Give an incident for each task that ended, asks, takes too long or was lost on the way',
    },
    {
      name: 'End for Incident',
      value: 'end_for_incident',
      action: 'End the tasks of an incident that is over',
      description: 'Cancel what Neo still works on for the incident, and settle its claim',
    },
    {
      name: 'Follow Events',
      value: 'follow_events',
      action: 'Follow the events of a task',
      description: 'Give each event as an item, as they happen, until Neo’s turn is over',
    },
    {
      name: 'Get',
      value: 'get',
      action: 'Get a task',
      description: 'How it goes: state, last message, pull request, approval request',
    },
    {
      name: 'Get Events',
      value: 'get_events',
      action: 'Get the events of a task',
      description: 'Give each event so far as an item',
    },
    {
      name: 'Wait Until Done',
      value: 'wait',
      action: 'Wait until a task is done',
      description: 'Until it ended or asks for an approval',
    },
  ],
};
