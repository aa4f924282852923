import {
  type ICredentialsDecrypted,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { forEachItem } from '../shared/itemLoop';
import { MODEL_INPUT } from '../shared/model';
import { testPostgresAccess } from '../shared/postgresCredential';
import { analyse } from './processItem';
import { properties } from './properties';

export class RosesAgent implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ROSES Agent',
    name: 'rosesAgent',
    icon: { light: 'file:rosesAgent.svg', dark: 'file:rosesAgent.dark.svg' },
    group: ['transform'],
    version: [1],
    subtitle: 'analyse the alert',
    description: 'Analyses a security alert: role, objective, steps, evidence, summary. Adds the key "analysis".',
    defaults: { name: 'ROSES Agent' },
    inputs: [NodeConnectionTypes.Main, MODEL_INPUT],
    outputs: [NodeConnectionTypes.Main],
    hints: [
      {
        message:
          'The input is a raw body and no alert of Security Alert Trigger. It counts as a report: it may be escalated, never acted on.',
        type: 'info',
        location: 'ndv',
        whenToDisplay: 'always',
        displayCondition: '={{ $input.all().some((item) => item.json.alert === undefined) }}',
      },
    ],
    credentials: [
      {
        name: 'incidentPostgresApi',
        displayName: 'PostgreSQL for the Answers (Optional)',
        testedBy: 'incidentPostgresTest',
        displayOptions: { show: { reuseAnswers: [true] } },
      },
    ],
    properties,
  };

  methods = {
    credentialTest: {
      incidentPostgresTest({ data = {} }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
        return testPostgresAccess(data);
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, {
      outputs: 1,
      failureOutput: 0,
      process: async (json, index) => analyse(this, json, index),
    });
  }
}
