import 'reflect-metadata';

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core makes its folder when it is loaded; without this it would be the user's own.
process.env.N8N_LOG_LEVEL = 'silent';
process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
  createRunExecutionData,
  type ICredentialDataDecryptedObject,
  type IDataObject,
  type INode,
  type INodeExecutionData,
  type INodeType,
  type INodeTypes,
  type IWorkflowExecuteAdditionalData,
  NodeConnectionTypes,
  NodeHelpers,
  Workflow,
} from 'n8n-workflow';

/** Starts a workflow with the items of its parameter. */
class Start implements INodeType {
  description = {
    displayName: 'Start',
    name: 'start',
    group: ['trigger' as const],
    version: 1,
    description: '',
    defaults: {},
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    properties: [],
  };

  constructor(private readonly items: IDataObject[]) {}

  trigger() {
    return Promise.resolve({});
  }

  /** An arrow function: n8n calls it with its own context as `this`. */
  execute = () => Promise.resolve([this.items.map((json) => ({ json }))]);
}

/** A sub-node that hands over a model, or fails to. */
class Model implements INodeType {
  description = {
    displayName: 'Model',
    name: 'model',
    group: ['transform' as const],
    version: 1,
    description: '',
    defaults: {},
    inputs: [],
    outputs: [NodeConnectionTypes.AiLanguageModel],
    properties: [],
  };

  constructor(private readonly supply: () => unknown) {}

  supplyData = () => Promise.resolve({ response: this.supply() });
}

export interface Run {
  node: INodeType;
  items: IDataObject[];
  parameters?: IDataObject;
  credentials?: Record<string, ICredentialDataDecryptedObject>;
  onError?: INode['onError'];
  model?: { supply: () => unknown; disabled?: boolean };
  /** What n8n has stored of the workflow's nodes. */
  staticData?: IDataObject;
}

export interface Ran {
  /** Items by output. */
  outputs: INodeExecutionData[][];
  error: Error | undefined;
  hints: string[];
  /** What n8n would store. */
  staticData: IDataObject;
}

/** Runs one of our nodes behind a start node in n8n-core's real engine. */
export async function runNode({
  node,
  items,
  parameters = {},
  credentials = {},
  onError,
  model,
  staticData = {},
}: Run): Promise<Ran> {
  const types: Record<string, INodeType> = {
    start: new Start(items),
    subject: node,
    model: new Model(model?.supply ?? (() => undefined)),
  };
  const nodeTypes = {
    getByName: (name: string) => types[name],
    getByNameAndVersion: (name: string) => {
      const type = types[name];
      if (type === undefined) throw new Error(`there is no node type ${name}`);
      return NodeHelpers.getVersionedNodeType(type);
    },
    getKnownTypes: () => ({}),
  } as unknown as INodeTypes;
  const version = [node.description.version].flat()[0] ?? 1;
  const place = (name: string, type: string, more: Partial<INode> = {}): INode => ({
    id: name,
    name,
    type,
    typeVersion: 1,
    position: [0, 0],
    parameters: {},
    ...more,
  });
  const names = Object.fromEntries(Object.keys(credentials).map((type) => [type, { id: type, name: type }]));
  const workflow = new Workflow({
    id: 'test',
    active: false,
    nodeTypes,
    nodes: [
      place('Start', 'start'),
      place('Subject', 'subject', {
        typeVersion: version,
        parameters: parameters as INode['parameters'],
        credentials: names,
        ...(onError === undefined ? {} : { onError }),
      }),
      ...(model === undefined ? [] : [place('Model', 'model', { disabled: model.disabled ?? false })]),
    ],
    connections: {
      Start: { main: [[{ node: 'Subject', type: NodeConnectionTypes.Main, index: 0 }]] },
      ...(model === undefined
        ? {}
        : {
            Model: { ai_languageModel: [[{ node: 'Subject', type: NodeConnectionTypes.AiLanguageModel, index: 0 }]] },
          }),
    },
    settings: { executionOrder: 'v1' },
    staticData,
  });
  const additionalData = {
    executionId: '1',
    restApiUrl: 'http://127.0.0.1/rest',
    instanceBaseUrl: 'http://127.0.0.1/',
    webhookBaseUrl: 'http://127.0.0.1/webhook',
    webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
    webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
    formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
    currentNodeExecutionIndex: 0,
    variables: {},
    hooks: new ExecutionLifecycleHooks('manual', '1', {
      id: 'test',
      name: 'test',
      active: false,
      nodes: [],
      connections: {},
      createdAt: new Date(),
      updatedAt: new Date(),
    } as never),
    credentialsHelper: {
      getDecrypted: (_data: unknown, _reference: unknown, type: string) => Promise.resolve(credentials[type]),
      getParentTypes: () => [],
      isCredentialUsableByNode: () => Promise.resolve(true),
    },
    logAiEvent: () => undefined,
    setExecutionStatus: () => undefined,
  } as unknown as IWorkflowExecuteAdditionalData;

  const result = await new WorkflowExecute(additionalData, 'manual', createRunExecutionData()).run({ workflow });
  const [ran] = result.data.resultData.runData.Subject ?? [];
  return {
    outputs: (ran?.data?.main ?? []).map((output) => output ?? []),
    error: result.data.resultData.error as Error | undefined,
    hints: (ran?.hints ?? []).map(({ message }) => message),
    staticData: JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject,
  };
}
