import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
  {
    displayName:
      'One line per item: decision, classification, what it is about, the alert, times and the rest of the incident\'s story. Find an incident with {job="incident-pipeline"} | incident_id="…"; structured metadata needs Loki\'s schema v13.',
    name: 'about',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'log',
    options: [
      { name: 'Log Item', value: 'log', action: 'Log the item', description: 'Writes the line of the item' },
      {
        name: 'Send Waiting',
        value: 'sendWaiting',
        action: 'Send the lines that wait',
        description: 'Sends the lines that Loki did not take before; writes none of the item',
      },
    ],
  },
];
