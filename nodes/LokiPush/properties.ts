import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
  {
    displayName:
      'One line per item: decision, classification, what it is about, the alert, times and the rest of the incident’s story. There is nothing to set here.',
    name: 'about',
    type: 'notice',
    default: '',
  },
];
