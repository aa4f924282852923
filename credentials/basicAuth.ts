import type { INodeProperties } from 'n8n-workflow';

/** User and password for a service behind a proxy with basic authentication. */
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
