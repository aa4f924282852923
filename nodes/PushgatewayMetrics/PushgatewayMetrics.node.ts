import {
  type ICredentialsDecrypted,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { testPushgateway } from '../../adapters/pushgateway/credentialTest';
import { connectionTestResult } from '../shared/credentialTest';
import { testPostgresAccess } from '../shared/postgresCredential';
import { forEachItem } from '../shared/itemLoop';
import { pushMetrics } from './processItem';
import { properties } from './properties';

export class PushgatewayMetrics implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Pushgateway Metrics',
    name: 'pushgatewayMetrics',
    icon: { light: 'file:pushgatewayMetrics.svg', dark: 'file:pushgatewayMetrics.dark.svg' },
    group: ['output'],
    version: [1],
    subtitle: 'count the incident',
    description: 'Measures an incident and pushes MTTA, MTTR, decisions and classifications to Prometheus Pushgateway',
    defaults: { name: 'Pushgateway Metrics' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'pushgatewayApi', displayName: 'Pushgateway', required: true, testedBy: 'pushgatewayTest' },
      {
        name: 'incidentPostgresApi',
        displayName: 'PostgreSQL for the Counts (Optional)',
        testedBy: 'incidentPostgresTest',
      },
    ],
    properties,
  };

  methods = {
    credentialTest: {
      pushgatewayTest({ data = {} }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return connectionTestResult(() => testPushgateway(data));
      },
      incidentPostgresTest({ data = {} }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return testPostgresAccess(data);
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, {
      outputs: 1,
      failureOutput: 0,
      process: async (json, index) => pushMetrics(this, json, index),
    });
  }
}
