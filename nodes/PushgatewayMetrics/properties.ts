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
    displayName: 'Instance',
    name: 'instance',
    type: 'string',
    default: '',
    noDataExpression: true,
    description: "The label instance of what is counted. Empty: this n8n's own id, which its processes have in common.",
  },
];
