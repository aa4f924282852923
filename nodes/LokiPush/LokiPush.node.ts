import {
  type ICredentialsDecrypted,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { testLoki } from '../../adapters/loki/credentialTest';
import { connectionTestResult } from '../shared/credentialTest';
import { testPostgresAccess } from '../shared/postgresCredential';
import { forEachItem } from '../shared/itemLoop';
import { pushLog } from './processItem';
import { properties } from './properties';

export class LokiPush implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Loki Push',
    name: 'lokiPush',
    icon: { light: 'file:lokiPush.svg', dark: 'file:lokiPush.dark.svg' },
    group: ['output'],
    version: [1],
    subtitle:
      '={{ { log: "log the incident", sendWaiting: "send waiting", readFalco: "read Falco\'s output", readIncident: "read the incident" }[$parameter["operation"]] }}',
    description: "Writes one structured line per incident to Grafana Loki, and reads Falco's own output from there",
    defaults: { name: 'Loki Push' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'lokiApi', displayName: 'Loki', required: true, testedBy: 'lokiTest' },
      {
        name: 'incidentPostgresApi',
        displayName: 'PostgreSQL for Waiting Lines (Optional)',
        testedBy: 'incidentPostgresTest',
      },
    ],
    properties,
  };

  methods = {
    credentialTest: {
      lokiTest({ data = {} }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return connectionTestResult(() => testLoki(data));
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
      process: async (json, index) => pushLog(this, json, index),
    });
  }
}
