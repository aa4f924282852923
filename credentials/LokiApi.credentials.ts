import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { basicAuthProperties } from './basicAuth';
import { helpLink } from './helpLink';

/** A Loki server. Loki Push tests it, because it reports what is wrong; n8n's own test request does not. */
export class LokiApi implements ICredentialType {
  name = 'lokiApi';
  displayName = 'Loki API';
  icon = { light: 'file:../nodes/LokiPush/lokiPush.svg', dark: 'file:../nodes/LokiPush/lokiPush.dark.svg' } as const;
  properties: INodeProperties[] = [
    helpLink('loki-api'),
    { displayName: 'URL', name: 'url', type: 'string', default: 'http://loki.monitoring:3100', required: true },
    {
      displayName: 'Tenant',
      name: 'tenant',
      type: 'string',
      default: '',
      description: 'Sent as X-Scope-OrgID; empty for a Loki without tenants',
    },
    ...basicAuthProperties,
  ];
}
