import type { INodeProperties } from 'n8n-workflow';

export const properties: INodeProperties[] = [
  {
    displayName:
      'Let Prometheus scrape Pushgateway with honor_labels: true. Without it, the series get the job and instance of the scrape.',
    name: 'about',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'count',
    options: [
      {
        name: 'Count Item',
        value: 'count',
        action: 'Count the item',
        description: 'Counts the incident or failure of the item and shows all counts',
      },
      {
        name: 'Show Again',
        value: 'showAgain',
        action: 'Show all counts again',
        description: 'Shows all counts, which a Pushgateway may have missed or lost; counts nothing',
      },
    ],
  },
  {
    displayName: 'Instance',
    name: 'instance',
    type: 'string',
    default: '',
    noDataExpression: true,
    description: "The label instance of what is counted. Empty: this n8n's own ID, which its processes have in common.",
  },
];
