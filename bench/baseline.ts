import { ANNOTATIONS, LABELS, QUARANTINED_VALUE } from '../core/names.js';
import type { WorkflowJson } from '../tests/e2e/support/n8n.js';

export const BASELINE_PATH = 'bench-baseline';

/** n8n's own Webhook node with its default settings, and nothing behind it. */
export function webhookAlone(prefix: string): WorkflowJson {
  return {
    name: `${prefix}webhook`,
    nodes: [WEBHOOK],
    connections: {},
    settings: { executionOrder: 'v1' },
  };
}

const WEBHOOK = {
  id: 'webhook',
  name: 'Webhook',
  type: 'n8n-nodes-base.webhook',
  typeVersion: 2.1,
  position: [0, 0],
  webhookId: BASELINE_PATH,
  parameters: { path: BASELINE_PATH, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
};

/**
 * What one would build with n8n's own nodes to label a pod: Webhook → HTTP Request. The same PATCH to the same API
 * server with the same token and checked certificate; no analysis, no policy, no uid, no reading back, no record.
 */
export function baselineWorkflow(
  prefix: string,
  server: string,
  credentials: { token: string; certificate: string },
): WorkflowJson {
  const field = (name: string) => `{{ $json.body.output_fields["${name}"] }}`;
  return {
    name: `${prefix}baseline`,
    nodes: [
      WEBHOOK,
      {
        id: 'patch',
        name: 'HTTP Request',
        type: 'n8n-nodes-base.httpRequest',
        typeVersion: 4.2,
        position: [220, 0],
        parameters: {
          method: 'PATCH',
          url: `=${server}/api/v1/namespaces/${field('k8s.ns.name')}/pods/${field('k8s.pod.name')}`,
          authentication: 'genericCredentialType',
          genericAuthType: 'httpHeaderAuth',
          provideSslCertificates: true,
          sendBody: true,
          contentType: 'raw',
          rawContentType: 'application/merge-patch+json',
          // The admission policy lets a pod be isolated only if its own labels are written down.
          body: JSON.stringify({
            metadata: {
              labels: { [LABELS.quarantined]: QUARANTINED_VALUE },
              annotations: { [ANNOTATIONS.originalLabels]: 'app=pod-quarantine-test' },
            },
          }),
          options: {},
        },
        credentials: {
          httpHeaderAuth: { id: credentials.token, name: 'bench token' },
          httpSslAuth: { id: credentials.certificate, name: 'bench certificate' },
        },
      },
    ],
    connections: { Webhook: { main: [[{ node: 'HTTP Request', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}
