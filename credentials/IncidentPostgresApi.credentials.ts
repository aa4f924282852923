import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { helpLink } from './helpLink';

/**
 * The database with incidents and with Neo Task's claims, for an n8n without a cluster to store them in, and with the counts
 * and waiting log lines of an n8n of several processes. The nodes that use it test it.
 */
export class IncidentPostgresApi implements ICredentialType {
  name = 'incidentPostgresApi';
  displayName = 'Incident PostgreSQL API';
  icon = {
    light: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.svg',
    dark: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.dark.svg',
  } as const;
  properties: INodeProperties[] = [
    helpLink('incident-postgresql-api'),
    { displayName: 'Host', name: 'host', type: 'string', default: '', required: true },
    { displayName: 'Port', name: 'port', type: 'number', default: 5432, required: true },
    {
      displayName: 'Database',
      name: 'database',
      type: 'string',
      default: '',
      required: true,
      description: "May be n8n's own database: tables for incidents, Neo Task's claims and counts are created in it",
    },
    { displayName: 'User', name: 'user', type: 'string', default: '', required: true },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
    },
    {
      displayName: 'TLS',
      name: 'tls',
      type: 'options',
      default: 'verify',
      options: [
        { name: 'Off', value: 'off', description: 'Only for a database on this machine' },
        { name: 'On', value: 'verify', description: "The server's certificate is verified" },
      ],
    },
    // eslint-disable-next-line @n8n/community-nodes/credential-password-field -- a certificate is public, and people must be able to compare it
    {
      displayName: 'CA Certificate',
      name: 'caCertificate',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      displayOptions: { show: { tls: ['verify'] } },
      description:
        "PEM of the CA that signed the database's certificate. Leave empty to use the CAs that Node.js trusts.",
    },
  ];
}
