import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remediation, withoutCluster } from '../n8n/remediation';
import { withCredentials, type Workflow } from '../n8n/workflows';
import { settings } from './support/configuration';
import { at, list, mapped } from './support/find';

const nodesOf = ({ nodes }: Workflow, type: string): Workflow['nodes'] =>
  nodes.filter((node) => node.type === `n8n-nodes-incident-pipeline.${type}`);

describe('the workflow from PagerDuty to Neo', () => {
  test('is told where the code lives, and for whom it writes', () => {
    const { nodes } = remediation(settings({ 'git-directory': 'infrastructure/' }));
    const node = nodes.find(({ name }) => name === 'Settings');
    const known = mapped(list(at(node, 'parameters.assignments.assignments')), 'name', 'value');
    assert.equal(known['settings.fromEmail'], 'trainer@example.com');
    assert.equal(known['settings.git_repo'], 'https://github.com/acme/shop.git');
    assert.equal(known['settings.directory'], 'infrastructure/');
  });

  test('has Neo look at all of the repository, unless a folder is named', () => {
    for (const changes of [{}, { 'git-directory': '' }]) {
      const node = remediation(settings(changes)).nodes.find(({ name }) => name === 'Settings');
      const known = mapped(list(at(node, 'parameters.assignments.assignments')), 'name', 'value');
      assert.equal(known['settings.directory'], '');
    }
  });

  test('gets every credential that there is for it, and no other', () => {
    const types = ['pagerDutyWebhookApi', 'pagerDutyApi', 'httpHeaderAuth', 'pulumiCloudApi', 'lokiApi', 'openAiApi'];
    const available = types.map((type) => ({ id: `the-${type}`, name: type, type, data: {} }));
    const chosen = withCredentials(remediation(settings()), available).nodes.flatMap(({ credentials }) =>
      Object.entries(credentials ?? {}).map(([type, reference]) => [type, at(reference, 'id')] as const),
    );
    for (const [type, id] of chosen) assert.equal(id, `the-${type}`);
    assert.deepEqual(new Set(chosen.map(([type]) => type)), new Set(types.filter((type) => type !== 'openAiApi')));
  });

  test('without a cluster keeps its claims in PostgreSQL, and tells no Prometheus and no Loki', () => {
    const workflow = withoutCluster(remediation(settings()));
    const claiming = nodesOf(workflow, 'neoTask');
    assert.ok(claiming.length > 0 && claiming.every(({ parameters }) => parameters.claims === 'postgres'));
    const telling = [...nodesOf(workflow, 'lokiPush'), ...nodesOf(workflow, 'pushgatewayMetrics')];
    assert.ok(telling.length > 0 && telling.every(({ disabled }) => disabled === true));
  });
});
