import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { helpLink } from './helpLink';

/**
 * The secrets with which PagerDuty signs its webhooks. The trigger tests them: PagerDuty shows them once and has no way
 * to check them.
 */
export class PagerDutyWebhookApi implements ICredentialType {
  name = 'pagerDutyWebhookApi';
  displayName = 'PagerDuty Webhook API';
  icon = {
    light: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.svg',
    dark: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.dark.svg',
  } as const;
  properties: INodeProperties[] = [
    helpLink('pagerduty-webhook-api'),
    {
      displayName: 'Signing Secrets',
      name: 'secrets',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'The signing secret that PagerDuty shows when a webhook subscription is created. Separate several secrets with spaces: one for each subscription, and both while you replace one.',
    },
  ];
}
