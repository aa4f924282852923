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

import { forEachItem } from '../shared/itemLoop';
import { testKubernetesAccess } from '../shared/kubernetesCredential';
import { resourceProperties } from '../shared/resource';
import { listSearch } from './listSearch';
import { OUTPUTS } from './outputs';
import { respond } from './processItem';
import { RESOURCES } from './resources';
import { DRY_RUN } from './resources/fields';

/** Operations that a dry run is for: those that change pods. */
const ACTING = RESOURCES.flatMap(({ operations }) => operations)
  .filter(({ fields = [] }) => fields.includes(DRY_RUN))
  .map(({ value }) => value);

export class K8sQuarantine implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'K8s Quarantine',
    name: 'k8sQuarantine',
    icon: { light: 'file:k8sQuarantine.svg', dark: 'file:k8sQuarantine.dark.svg' },
    group: ['transform'],
    version: [1],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description:
      'Reads, isolates, releases or deletes exactly the pod that an alert is about. Adds the key "context", "response" or "escalation".',
    defaults: { name: 'K8s Quarantine' },
    inputs: [NodeConnectionTypes.Main],
    outputs: OUTPUTS.map(() => NodeConnectionTypes.Main),
    outputNames: [...OUTPUTS],
    credentials: [
      {
        name: 'kubernetesResponderApi',
        displayName: 'Kubernetes Responder',
        required: true,
        testedBy: 'kubernetesResponderTest',
      },
    ],
    hints: [
      {
        message: 'Dry run: the API server checks the change and stores nothing.',
        type: 'warning',
        location: 'ndv',
        whenToDisplay: 'always',
        // n8n keeps the switch of an operation that was chosen before.
        displayCondition: `={{ $parameter["dryRun"] === true && ${JSON.stringify(ACTING)}.includes($parameter["operation"]) }}`,
      },
    ],
    properties: resourceProperties(RESOURCES),
  };

  methods = {
    listSearch,
    credentialTest: {
      async kubernetesResponderTest(
        this: ICredentialTestFunctions,
        credential: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        return testKubernetesAccess(credential.data);
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return forEachItem(this, {
      outputs: OUTPUTS.length,
      failureOutput: OUTPUTS.indexOf('escalate'),
      process: async (json, index) => respond(this, json, index),
    });
  }
}
