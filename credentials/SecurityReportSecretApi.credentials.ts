import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { alertSecretProperties } from './alertSecret';

/**
 * The secret that Alertmanager, Trivy Operator and policy-reporter send with each report. It has its own credential
 * type, so that n8n never offers it to a trigger whose alerts may act.
 */
export class SecurityReportSecretApi implements ICredentialType {
  name = 'securityReportSecretApi';
  displayName = 'Security Report Secret API';
  icon = {
    light: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.svg',
    dark: 'file:../nodes/SecurityAlertTrigger/securityAlertTrigger.dark.svg',
  } as const;
  documentationUrl = 'https://prometheus.io/docs/alerting/latest/configuration/#http_config';
  properties: INodeProperties[] = alertSecretProperties;
}
