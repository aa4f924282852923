import {
  type ICredentialsDecrypted,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { DECISIONS } from '../../core/incident/decision';
import { forEachItem } from '../shared/itemLoop';
import { MODEL_INPUT } from '../shared/model';
import { testPostgresAccess } from '../shared/postgresCredential';
import { decideItem } from './processItem';
import { properties } from './properties';

export class RaceAgent implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'RACE Agent',
    name: 'raceAgent',
    icon: { light: 'file:raceAgent.svg', dark: 'file:raceAgent.dark.svg' },
    group: ['transform'],
    version: [1],
    subtitle: 'decide the response',
    description: 'Decides how to respond to a security alert; policy has the last word. Adds the key "decision".',
    defaults: { name: 'RACE Agent' },
    inputs: [NodeConnectionTypes.Main, MODEL_INPUT],
    // Static: an expression here would bring the expression engine into every execution.
    outputs: DECISIONS.map(() => NodeConnectionTypes.Main),
    outputNames: [...DECISIONS],
    hints: [
      {
        message:
          'Without a "context" key from K8s Quarantine (Pod: Get Context) this node can only ignore or escalate.',
        type: 'info',
        location: 'ndv',
        whenToDisplay: 'always',
        displayCondition: '={{ $input.all().some((item) => item.json.context === undefined) }}',
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
      outputs: DECISIONS.length,
      failureOutput: DECISIONS.indexOf('escalate'),
      process: async (json, index) => decideItem(this, json, index),
    });
  }
}
