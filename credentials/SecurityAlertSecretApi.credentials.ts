import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { alertSecretProperties } from './alertSecret';
import { helpLink } from './helpLink';

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
  properties: INodeProperties[] = [helpLink('falcosidekick-secret-api'), ...alertSecretProperties];
}
