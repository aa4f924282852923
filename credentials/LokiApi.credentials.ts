import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

import { basicAuth, basicAuthProperties } from './basicAuth';

export class LokiApi implements ICredentialType {
  name = 'lokiApi';
  displayName = 'Loki API';
  icon = { light: 'file:../nodes/LokiPush/lokiPush.svg', dark: 'file:../nodes/LokiPush/lokiPush.dark.svg' } as const;
  documentationUrl = 'https://grafana.com/docs/loki/latest/reference/loki-http-api/';
  properties: INodeProperties[] = [
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
  authenticate: IAuthenticateGeneric = basicAuth({ 'X-Scope-OrgID': '={{ $credentials.tenant || undefined }}' });
  test: ICredentialTestRequest = { request: { baseURL: '={{ $credentials.url }}', url: '/loki/api/v1/labels' } };
}
