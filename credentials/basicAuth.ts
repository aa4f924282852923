import type { IAuthenticateGeneric, INodeProperties } from 'n8n-workflow';

/** User and password, for a service behind a proxy that asks for them. */
export const basicAuthProperties: INodeProperties[] = [
  {
    displayName: 'User',
    name: 'username',
    type: 'string',
    default: '',
    description: 'For basic authentication; empty for none',
  },
  { displayName: 'Password', name: 'password', type: 'string', typeOptions: { password: true }, default: '' },
];

/** How n8n authenticates the credential's test request. */
export function basicAuth(headers: Record<string, string> = {}): IAuthenticateGeneric {
  const authorization =
    '={{ $credentials.username ? "Basic " + ($credentials.username + ":" + ($credentials.password || "")).base64Encode() : undefined }}';
  return { type: 'generic', properties: { headers: { Authorization: authorization, ...headers } } };
}
