import { readFile } from 'node:fs/promises';

import { connect } from '../cluster/local/kubernetes/client.js';
import { ensureToken } from '../cluster/local/kubernetes/token.js';
import type { Stack } from '../cluster/local/stack.js';
import { ANNOTATIONS, LABELS, QUARANTINED_VALUE } from '../core/names.js';
import type { N8n, WorkflowJson, WorkflowNode } from '../tests/e2e/support/n8n.js';

export const BASELINE_PATH = 'bench-baseline';

/** Ids of the credentials with which n8n's own HTTP Request node calls the API server. */
export interface ServerCredentials {
  token: string;
  certificate: string;
}

/** The responder's token and the API server's certificate, as credentials of n8n's own nodes. */
export async function createServerCredentials(n8n: N8n, stack: Stack): Promise<ServerCredentials> {
  const { value } = await ensureToken(connect());
  return {
    token: await n8n.createCredential('httpHeaderAuth', { name: 'Authorization', value: `Bearer ${value}` }),
    certificate: await n8n.createCredential('httpSslAuth', {
      ca: await readFile(stack.caCertificate, 'utf8'),
      cert: '',
      key: '',
      passphrase: '',
    }),
  };
}

/** n8n's own Webhook node with its default settings, and nothing behind it. */
export function webhookAlone(prefix: string): WorkflowJson {
  return {
    name: `${prefix}webhook`,
    nodes: [webhookNode(BASELINE_PATH)],
    connections: {},
    settings: { executionOrder: 'v1' },
  };
}

export const webhookNode = (path: string): WorkflowNode => ({
  id: 'webhook',
  name: 'Webhook',
  type: 'n8n-nodes-base.webhook',
  typeVersion: 2.1,
  position: [0, 0],
  webhookId: path,
  parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
});

/** n8n's own HTTP Request node, which calls the API server and checks its certificate. */
export const serverRequest = (
  name: string,
  { token, certificate }: ServerCredentials,
  parameters: Record<string, unknown>,
): WorkflowNode => ({
  id: name,
  name,
  type: 'n8n-nodes-base.httpRequest',
  typeVersion: 4.2,
  position: [220, 0],
  parameters: {
    ...parameters,
    authentication: 'genericCredentialType',
    genericAuthType: 'httpHeaderAuth',
    provideSslCertificates: true,
    options: {},
  },
  credentials: {
    httpHeaderAuth: { id: token, name: 'bench token' },
    httpSslAuth: { id: certificate, name: 'bench certificate' },
  },
});

/** What labels a pod. The admission policy lets a pod be isolated only if its own labels are written down. */
export const labelParameters = (url: string, originalLabels: string): Record<string, unknown> => ({
  method: 'PATCH',
  url: `=${url}`,
  sendBody: true,
  contentType: 'raw',
  rawContentType: 'application/merge-patch+json',
  body: JSON.stringify({
    metadata: {
      labels: { [LABELS.quarantined]: QUARANTINED_VALUE },
      annotations: { [ANNOTATIONS.originalLabels]: originalLabels },
    },
  }),
});

/**
 * What one would build with n8n's own nodes to label a pod: Webhook → HTTP Request. The same PATCH to the same API
 * server with the same token and checked certificate; no analysis, no policy, no uid, no reading back, no record.
 */
export function baselineWorkflow(prefix: string, server: string, credentials: ServerCredentials): WorkflowJson {
  const field = (name: string) => `{{ $json.body.output_fields["${name}"] }}`;
  const url = `${server}/api/v1/namespaces/${field('k8s.ns.name')}/pods/${field('k8s.pod.name')}`;
  return {
    name: `${prefix}baseline`,
    nodes: [
      webhookNode(BASELINE_PATH),
      serverRequest('HTTP Request', credentials, labelParameters(url, 'app=pod-quarantine-test')),
    ],
    connections: { Webhook: { main: [[{ node: 'HTTP Request', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}
