import {
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { testKubernetesAccess } from '../shared/kubernetesCredential';
import { testPostgresAccess } from '../shared/postgresCredential';
import { forEachItem } from '../shared/itemLoop';
import { testPulumiCloudCredential } from './credential';
import { OUTPUTS } from './outputs';
import { runOperation } from './processItem';
import { OF_ONE_TASK, properties } from './properties';

export class NeoTask implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Neo Task',
    name: 'neoTask',
    icon: { light: 'file:neoTask.svg', dark: 'file:neoTask.dark.svg' },
    group: ['transform'],
    version: [1],
    subtitle: '={{ $parameter["operation"] }}',
    description:
      'Has Pulumi Neo look for an incident\'s cause in the code and propose a fix: one task for each incident. Adds the key "response.task".',
    defaults: { name: 'Neo Task' },
    inputs: [NodeConnectionTypes.Main],
    outputs: OUTPUTS.map(() => NodeConnectionTypes.Main),
    outputNames: [...OUTPUTS],
    // Hidden where they do not apply: shown where they do, they would hide Operation and Claim Store from people.
    credentials: [
      { name: 'pulumiCloudApi', displayName: 'Pulumi Cloud', required: true, testedBy: 'pulumiCloudTest' },
      {
        name: 'kubernetesResponderApi',
        displayName: 'Kubernetes Responder for the Claims',
        required: true,
        testedBy: 'kubernetesResponderTest',
        displayOptions: { hide: { claims: ['postgres'], operation: OF_ONE_TASK } },
      },
      {
        name: 'incidentPostgresApi',
        displayName: 'PostgreSQL for the Claims',
        required: true,
        testedBy: 'incidentPostgresTest',
        displayOptions: { hide: { claims: ['kubernetes'], operation: OF_ONE_TASK } },
      },
    ],
    hints: [
      {
        message: "Neo may act without asking, with all rights of the token's owner.",
        type: 'warning',
        location: 'ndv',
        whenToDisplay: 'always',
        displayCondition:
          '={{ $parameter["operation"] === "create" && $parameter["approvalMode"] === "auto" && $parameter["permissionMode"] === "default" }}',
      },
    ],
    properties,
  };

  methods = {
    credentialTest: {
      async kubernetesResponderTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testKubernetesAccess(credential.data);
      },
      async pulumiCloudTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testPulumiCloudCredential(credential.data ?? {});
      },
      async incidentPostgresTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testPostgresAccess(credential.data ?? {});
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, {
      outputs: OUTPUTS.length,
      failureOutput: OUTPUTS.indexOf('person'),
      process: async (json, index) => runOperation(this, json, index),
    });
  }
}
