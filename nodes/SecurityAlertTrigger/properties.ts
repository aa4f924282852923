import type { INodeProperties } from 'n8n-workflow';

import { SECRET_HEADER, WEBHOOK_PATH } from '../../core/names';

export const properties: INodeProperties[] = [
  {
    displayName: `In Falcosidekick, set <code>webhook.address</code> to this node’s URL and <code>webhook.customHeaders</code> to <code>${SECRET_HEADER}</code> with the secret of the credential.`,
    name: 'setup',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Path',
    name: 'path',
    type: 'string',
    default: WEBHOOK_PATH,
    required: true,
    noDataExpression: true,
    description: 'The last part of the webhook’s URL',
  },
  {
    displayName: 'Largest Alert (KiB)',
    name: 'maxKib',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 16384 },
    default: 1024,
    noDataExpression: true,
    description: 'Larger bodies are answered with 413. Falcosidekick’s alerts are a few KiB.',
  },
];
