import type { INodeProperties } from 'n8n-workflow';

import type { Sender } from '../../core/sources/senders';
import { SECRET_HEADER, WEBHOOK_PATH } from '../../core/names';
import { NOT_CHOSEN } from './senders';

const SETUP: Readonly<Record<Sender, string>> = {
  falcosidekick: `In Falcosidekick, set <code>webhook.address</code> to this node’s URL and <code>webhook.customHeaders</code> to <code>${SECRET_HEADER}</code> with the secret of the credential.`,
  reports: `Have the sender post to this node’s URL with the header <code>${SECRET_HEADER}</code> and the secret of the credential <b>Report Secret</b>. Use another secret than Falcosidekick’s: these alerts are reported to a person and do not act.`,
  pagerDuty:
    'In PagerDuty, add a Generic Webhook (v3) with this node’s URL for <code>incident.triggered</code>, <code>incident.reopened</code> and <code>incident.resolved</code>, and put its signing secret into the credential.',
};

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
      {
        name: 'Falcosidekick',
        value: 'falcosidekick',
        description: 'What Falco saw. These alerts may act, where policy lets them.',
      },
      {
        name: 'Reports (Alertmanager, Trivy Operator, policy-reporter)',
        value: 'reports',
        description: 'Alerts whose target a tenant may have written. They tell a person and act only by approval.',
      },
      {
        name: 'PagerDuty',
        value: 'pagerDuty',
        description: 'V3 webhooks, checked by their signature. They tell a person and act only by approval.',
      },
    ] satisfies { name: string; value: Sender | typeof NOT_CHOSEN; description: string }[],
    description: 'Decides how far alerts are trusted. Each sender has a credential type of its own.',
  },
  ...Object.entries(SETUP).map(
    ([sender, text]): INodeProperties => ({
      displayName: text,
      name: `${sender}Setup`,
      type: 'notice',
      default: '',
      displayOptions: { show: { sender: [sender] } },
    }),
  ),
  {
    displayName: 'Path',
    name: 'path',
    type: 'string',
    default: WEBHOOK_PATH,
    required: true,
    noDataExpression: true,
    description: 'The last part of the webhook’s URL. Each trigger needs one of its own.',
  },
  {
    displayName: 'Largest Alert (KiB)',
    name: 'maxKib',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 16384 },
    default: 1024,
    noDataExpression: true,
    description:
      'Larger bodies are answered with 413. Falcosidekick’s alerts are a few KiB, a group of Alertmanager’s may be more, a report of Trivy’s more than 1024.',
  },
];
