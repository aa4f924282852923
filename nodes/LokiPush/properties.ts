import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
  {
    displayName:
      'One line per item: decision, classification, what it is about, the alert, times and the rest of the incident\'s story. There is nothing to set here. Find an incident with {job="incident-pipeline"} | incident_id="…"; structured metadata needs Loki\'s schema v13.',
    name: 'about',
    type: 'notice',
    default: '',
  },
];
