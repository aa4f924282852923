import type { INodeProperties } from 'n8n-workflow';

import { WEBHOOK_PATH } from '../../core/names';
import { SENDERS } from '../../core/sources/senders';
import { NOT_CHOSEN, SENDER_FACTS } from './senders';

export const properties: INodeProperties[] = [
  {
    displayName: 'Alerts From',
    name: 'sender',
    type: 'options',
    required: true,
    noDataExpression: true,
    // No sender is trusted by default, and n8n does not store what equals the default.
    default: NOT_CHOSEN,
    options: [
      { name: 'Not Chosen Yet', value: NOT_CHOSEN, description: 'The trigger does not start' },
      ...SENDERS.map((value) => {
        const { name, description } = SENDER_FACTS[value];
        return { name, value, description };
      }),
    ],
    description: 'Decides how far alerts are trusted. Each sender has a credential type of its own.',
  },
  ...SENDERS.map(
    (sender): INodeProperties => ({
      displayName: SENDER_FACTS[sender].setup,
      name: `${sender}Setup`,
      type: 'notice',
      default: '',
      displayOptions: { show: { sender: [sender] } },
    }),
  ),
  {
    displayName: 'Incident Store',
    name: 'incidentStore',
    type: 'options',
    noDataExpression: true,
    default: 'memory',
    options: [
      { name: 'Kubernetes', value: 'kubernetes', description: 'As Incident objects in the namespace n8n' },
      {
        name: 'Memory',
        value: 'memory',
        description: 'In this process alone, until it restarts; to try it out, without a cluster and a database',
      },
      {
        name: 'PostgreSQL',
        value: 'postgres',
        description: 'As rows of a table, which all workers share; for an n8n that has no cluster',
      },
    ],
    description:
      'Where incidents are kept. An alert that repeats what its incident says is counted and starts nothing. All triggers of a cluster should use Kubernetes.',
  },
  {
    displayName: 'Path',
    name: 'path',
    type: 'string',
    default: WEBHOOK_PATH,
    required: true,
    noDataExpression: true,
    description: "The last part of the webhook's URL. Each trigger needs one of its own.",
  },
  {
    displayName: 'Largest Alert (KiB)',
    name: 'maxKib',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 16384 },
    default: 1024,
    noDataExpression: true,
    description:
      "Larger bodies are answered with 413. Falcosidekick's alerts are a few KiB, a group of Alertmanager's may be more, a report of Trivy's more than 1024.",
  },
];
