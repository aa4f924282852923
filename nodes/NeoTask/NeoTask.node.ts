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
import { forEachItem } from '../shared/itemLoop';
import { testClaimsPostgres } from './credential';
import { OUTPUTS } from './outputs';
import { runOperation } from './processItem';
import { CLAIMING, properties } from './properties';

export class NeoTask implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Neo Task',
    name: 'neoTask',
    icon: { light: 'file:neoTask.svg', dark: 'file:neoTask.dark.svg' },
    group: ['transform'],
    version: [1],
    subtitle: '={{ $parameter["operation"] }}',
    description:
      'Has Pulumi Neo look for an incident’s cause in the code and propose a fix: one task for each incident. Adds the key "response.task".',
    defaults: { name: 'Neo Task' },
    inputs: [NodeConnectionTypes.Main],
    outputs: OUTPUTS.map(() => NodeConnectionTypes.Main),
    outputNames: [...OUTPUTS],
    credentials: [
      { name: 'pulumiCloudApi', required: true },
      {
        name: 'kubernetesResponderApi',
        required: true,
        testedBy: 'kubernetesResponderTest',
        displayOptions: { show: { claims: ['kubernetes'], operation: CLAIMING } },
      },
      {
        name: 'claimsPostgresApi',
        required: true,
        testedBy: 'claimsPostgresTest',
        displayOptions: { show: { claims: ['postgres'], operation: CLAIMING } },
      },
    ],
    hints: [
      {
        message: 'Neo may act without asking, with all rights of the token’s owner.',
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
      async claimsPostgresTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testClaimsPostgres(credential.data ?? {});
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
