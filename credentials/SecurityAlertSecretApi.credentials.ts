import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { alertSecretProperties } from './alertSecret';

/**
 * The secret that Falcosidekick sends with each alert; alerts with this secret may act. The trigger tests it, because
 * there is no service to send a test request to.
 */
export class SecurityAlertSecretApi implements ICredentialType {
  name = 'securityAlertSecretApi';
  displayName = 'Falcosidekick Secret API';
  icon = {
    light: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.svg',
    dark: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.dark.svg',
  } as const;
  documentationUrl = 'https://github.com/falcosecurity/falcosidekick/blob/master/docs/outputs/webhook.md';
  properties: INodeProperties[] = alertSecretProperties;
}
