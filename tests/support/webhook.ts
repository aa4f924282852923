import './engine';

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HookContext, WebhookContext } from 'n8n-core';
import {
  type ICredentialDataDecryptedObject,
  type IDataObject,
  type INode,
  type INodeType,
  type INodeTypes,
  type IWebhookData,
  type IWorkflowExecuteAdditionalData,
  NodeHelpers,
  Workflow,
} from 'n8n-workflow';

export interface Trigger {
  node: INodeType;
  parameters?: IDataObject;
  credentials: Record<string, ICredentialDataDecryptedObject>;
  /** Whether n8n can store the execution; it answers with 500 when it cannot. */
  stores?: () => boolean;
}

export interface RunningTrigger {
  /** The items of each execution that was started. */
  executions: IDataObject[][];
  url: string;
  post: (body: string, headers?: Record<string, string>) => Promise<{ status: number; body: IDataObject }>;
  /** What n8n does before it publishes the webhook. */
  activate: () => Promise<unknown>;
  close: () => Promise<void>;
}

/**
 * A trigger behind a real HTTP server, in n8n-core's own context for webhooks, with its checks of parameters and
 * credentials. The server does what n8n does around it: it keeps the raw body, and answers what the node leaves to it once
 * the execution is stored.
 */
export async function serveTrigger(served: Trigger): Promise<RunningTrigger> {
  const trigger = { ...served, workflowId: randomUUID() };
  const executions: IDataObject[][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const json = (answer: unknown) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      const express = Object.assign(response, {
        json,
        status: (code: number) => Object.assign(response, { statusCode: code }),
      });
      const context = webhookContext(trigger, Object.assign(request, { rawBody: Buffer.concat(chunks) }), express);
      Promise.resolve(trigger.node.webhook?.call(context))
        .then((answer) => {
          if (answer?.noWebhookResponse === true) return;
          response.statusCode = trigger.stores?.() === false ? 500 : 202;
          if (response.statusCode === 202)
            executions.push(...(answer?.workflowData ?? []).map((items) => items.map(({ json }) => json)));
          json(answer?.webhookResponse);
        })
        .catch((error: unknown) => {
          response.statusCode = 500;
          json({ error: String(error) });
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    executions,
    activate: async () => {
      const { workflow, node, additionalData } = placed(trigger, null, null);
      const context = new HookContext(workflow, node, additionalData, 'internal', 'activate');
      return trigger.node.webhookMethods?.default?.checkExists.call(context);
    },
    url,
    post: async (body, headers = {}) => {
      const answer = await fetch(url, { method: 'POST', body, headers });
      return { status: answer.status, body: (await answer.json()) as IDataObject };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function webhookContext(trigger: Trigger & { workflowId?: string }, httpRequest: unknown, httpResponse: unknown) {
  const { workflow, node, additionalData } = placed(trigger, httpRequest, httpResponse);
  return new WebhookContext(workflow, node, additionalData, 'webhook', {} as IWebhookData, [], null);
}

/** The trigger as the only node of a workflow. */
function placed(
  { node, parameters = {}, credentials, workflowId = 'test' }: Trigger & { workflowId?: string },
  httpRequest: unknown,
  httpResponse: unknown,
) {
  const subject: INode = {
    id: 'subject',
    name: 'Subject',
    type: 'subject',
    typeVersion: [node.description.version].flat()[0] ?? 1,
    position: [0, 0],
    parameters: parameters as INode['parameters'],
    credentials: Object.fromEntries(Object.keys(credentials).map((type) => [type, { id: type, name: type }])),
  };
  const nodeTypes = {
    getByName: () => node,
    getByNameAndVersion: () => NodeHelpers.getVersionedNodeType(node),
    getKnownTypes: () => ({}),
  } as unknown as INodeTypes;
  const workflow = new Workflow({ id: workflowId, active: true, nodeTypes, nodes: [subject], connections: {} });
  const additionalData = {
    httpRequest,
    httpResponse,
    webhookBaseUrl: 'http://127.0.0.1/webhook',
    credentialsHelper: {
      getDecrypted: (_data: unknown, _reference: unknown, type: string) => Promise.resolve(credentials[type]),
      getParentTypes: () => [],
      isCredentialUsableByNode: () => Promise.resolve(true),
    },
  } as unknown as IWorkflowExecuteAdditionalData;
  return { workflow, node: workflow.getNode('Subject') ?? subject, additionalData };
}
