import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeType } from 'n8n-workflow';

import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { alertOf } from '../support/alerts';
import { runNode } from '../support/engine';
import { ROOT } from '../support/manifests';

const install = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');

test.each<[string, INodeType, Record<string, string>]>([
  ['K8s Quarantine', new K8sQuarantine(), { resource: 'access', operation: 'check' }],
  ['Loki Push', new LokiPush(), {}],
  ['Pushgateway Metrics', new PushgatewayMetrics(), {}],
  ['Neo Task', new NeoTask(), { operation: 'cancel', task: 'task_1' }],
])('%s that was imported without its credential says what to do', async (_name, node, parameters) => {
  const { error } = await runNode({ node, parameters, items: [{ alert: alertOf('test-shell') }] });
  expect(error).toMatchObject({
    message: expect.stringContaining('Node does not have any credentials set') as string,
    description: expect.stringMatching(/^Open the node and choose its credential/) as string,
  });
});

test('docs/install.md quotes what n8n says without the package and without a credential', async () => {
  const { UnrecognizedNodeTypeError } = await import('n8n-core');
  expect(install).toContain(new UnrecognizedNodeTypeError('n8n-nodes-incident-pipeline', 'k8sQuarantine').message);
  const [responder] = new K8sQuarantine().description.credentials ?? [];
  expect(install).toContain(`Missing required credential: ${responder?.displayName ?? ''}`);
});
