import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { alertSecretProperties } from './alertSecret';
import { helpLink } from './helpLink';

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
  properties: INodeProperties[] = [helpLink('security-report-secret-api'), ...alertSecretProperties];
}
