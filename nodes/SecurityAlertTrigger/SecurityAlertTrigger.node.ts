import {
  fromFunction,
  fromParameter,
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IHookFunctions,
  type INodeCredentialTestResult,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
  NodeConnectionTypes,
  webhookDescriptionFields,
} from 'n8n-workflow';

import { SECRET_HEADER } from '../../core/names';
import { testKubernetesAccess } from '../shared/kubernetesCredential';
import { testPostgresAccess } from '../shared/postgresCredential';
import { properties } from './properties';
import { receiveAlert } from './receiveAlert';
import { testSecret } from './secret';
import { senderCredential } from './senders';
import { testSigningSecrets } from './signature';
import { checkStart } from './start';

export class SecurityAlertTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Security Alert Trigger',
    name: 'securityAlertTrigger',
    icon: { light: 'file:securityAlertTrigger.svg', dark: 'file:securityAlertTrigger.dark.svg' },
    group: ['trigger'],
    // Not 1: for a webhook node of version exactly 1 n8n evaluates an expression on every request, rejections included.
    version: 1.1,
    // Whom it trusts is seen without opening it.
    subtitle: '={{$parameter["sender"] || "nobody chosen"}} /{{$parameter["path"]}}',
    description: 'Starts the workflow for security alerts of Falcosidekick, Alertmanager, Trivy, Kyverno or PagerDuty',
    eventTriggerDescription: 'Waiting for an alert',
    activationMessage: 'Alerts are now accepted at the production URL.',
    defaults: { name: 'Security Alert Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    // Names and tests stand here as literals: n8n's check of community packages reads them in this file.
    credentials: [
      { name: 'securityAlertSecretApi', testedBy: 'alertSecretTest', ...senderCredential('falcosidekick') },
      { name: 'securityReportSecretApi', testedBy: 'alertSecretTest', ...senderCredential('reports') },
      { name: 'pagerDutyWebhookApi', testedBy: 'signingSecretTest', ...senderCredential('pagerDuty') },
      {
        name: 'kubernetesResponderApi',
        displayName: 'Kubernetes Responder for the Incidents',
        required: true,
        testedBy: 'kubernetesResponderTest',
        displayOptions: { hide: { incidentStore: ['memory', 'postgres'] } },
      },
      {
        name: 'incidentPostgresApi',
        displayName: 'PostgreSQL for the Incidents',
        required: true,
        testedBy: 'incidentPostgresTest',
        displayOptions: { hide: { incidentStore: ['memory', 'kubernetes'] } },
      },
    ],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        responseMode: 'onReceived',
        // Empty, not absent: n8n then answers with what the node returns, and only once the execution is stored.
        responseData: '',
        isFullPath: true,
        rawBody: true,
        // Resolved without the expression engine, which would cost more than everything else about a request.
        ...webhookDescriptionFields({ path: fromParameter('path'), responseCode: fromFunction(() => 202) }),
      },
    ],
    hints: [
      {
        message:
          'Have Falco append k8s.pod.uid to its output: without the uid a pod may be isolated, but is never deleted.',
        type: 'info',
        location: 'ndv',
        whenToDisplay: 'beforeExecution',
        displayCondition: '={{ $parameter["sender"] === "falcosidekick" }}',
      },
    ],
    triggerPanel: {
      header: 'Send an alert',
      executionsHelp: {
        inactive: `Post an alert in its sender's form to the test URL, with the header ${SECRET_HEADER} or PagerDuty's signature.`,
        active: 'Alerts posted to the production URL run this workflow; find them in the executions list.',
      },
      activationHint: 'Publish the workflow, then point the sender at the production URL.',
    },
    properties,
  };

  methods = {
    credentialTest: {
      alertSecretTest(credential: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return Promise.resolve(testSecret(credential.data?.secret));
      },
      async kubernetesResponderTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testKubernetesAccess(credential.data);
      },
      async incidentPostgresTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testPostgresAccess(credential.data ?? {});
      },
      signingSecretTest(credential: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return Promise.resolve(testSigningSecrets(credential.data?.secrets));
      },
    },
  };

  webhookMethods = {
    default: {
      /** n8n calls it before it publishes the webhook. Nothing outside has to be set up, so that it always exists. */
      async checkExists(this: IHookFunctions): Promise<boolean> {
        await checkStart(this);
        return true;
      },
      create(this: IHookFunctions): Promise<boolean> {
        return Promise.resolve(true);
      },
      delete(this: IHookFunctions): Promise<boolean> {
        return Promise.resolve(true);
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return receiveAlert(this);
  }
}
