import type { ICredentialType, INodeType } from 'n8n-workflow';

import { IncidentPostgresApi } from '../../credentials/IncidentPostgresApi.credentials';
import { KubernetesResponderApi } from '../../credentials/KubernetesResponderApi.credentials';
import { LokiApi } from '../../credentials/LokiApi.credentials';
import { PagerDutyWebhookApi } from '../../credentials/PagerDutyWebhookApi.credentials';
import { PulumiCloudApi } from '../../credentials/PulumiCloudApi.credentials';
import { PushgatewayApi } from '../../credentials/PushgatewayApi.credentials';
import { SecurityAlertSecretApi } from '../../credentials/SecurityAlertSecretApi.credentials';
import { SecurityReportSecretApi } from '../../credentials/SecurityReportSecretApi.credentials';
import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { RaceAgent } from '../../nodes/RaceAgent/RaceAgent.node';
import { RosesAgent } from '../../nodes/RosesAgent/RosesAgent.node';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';

/** The nodes of package.json. */
export const NODES: readonly INodeType[] = [
  new SecurityAlertTrigger(),
  new RosesAgent(),
  new RaceAgent(),
  new K8sQuarantine(),
  new PushgatewayMetrics(),
  new LokiPush(),
  new NeoTask(),
];

/** The credential types of package.json. */
export const CREDENTIALS: readonly ICredentialType[] = [
  new SecurityAlertSecretApi(),
  new SecurityReportSecretApi(),
  new PagerDutyWebhookApi(),
  new KubernetesResponderApi(),
  new PushgatewayApi(),
  new LokiApi(),
  new PulumiCloudApi(),
  new IncidentPostgresApi(),
];
