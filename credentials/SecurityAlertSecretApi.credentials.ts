import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { SECRET_HEADER } from '../core/names';

/** The secret that Falcosidekick sends with each alert. Its test is the trigger's, since there is no service to ask. */
export class SecurityAlertSecretApi implements ICredentialType {
  name = 'securityAlertSecretApi';
  displayName = 'Security Alert Secret API';
  icon = {
    light: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.svg',
    dark: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.dark.svg',
  } as const;
  documentationUrl = 'https://github.com/falcosecurity/falcosidekick/blob/master/docs/outputs/webhook.md';
  properties: INodeProperties[] = [
    {
      displayName: 'Secret',
      name: 'secret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: `At least 16 characters; the sender puts it into the header ${SECRET_HEADER}`,
    },
  ];
}
