import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remediation, withoutCluster } from '../n8n/remediation';
import { chooseCredentials } from '../../shared/n8n/chooseCredentials';
import { SHARED_WORKFLOWS, type Workflow } from '../../shared/n8n/workflow';
import { readWorkflow } from '../n8n/workflows';
import { settings } from './support/configuration';
import { at, list, mapped } from './support/find';

const nodesOf = ({ nodes }: Workflow, type: string): Workflow['nodes'] =>
  nodes.filter((node) => node.type === `n8n-nodes-incident-pipeline.${type}`);

/** What the nodes Settings of both workflows are told. */
const told = (changes: Parameters<typeof settings>[0] = {}) =>
  remediation(settings(changes))
    .flatMap(({ nodes }) => nodes.filter(({ name }) => name === 'Settings'))
    .map((node) => mapped(list(at(node, 'parameters.assignments.assignments')), 'name', 'value'))
    .reduce((all, one) => ({ ...all, ...one }), {});

describe('the workflows from PagerDuty to Neo and back', () => {
  test('is told where the code lives, and for whom it writes', () => {
    const known = told({ 'git-directory': 'infrastructure/' });
    assert.equal(known['settings.fromEmail'], 'trainer@example.com');
    assert.equal(known['settings.git_repo'], 'https://github.com/acme/shop.git');
    assert.equal(known['settings.directory'], 'infrastructure/');
  });

  test('incidents stay with whom they were assigned, unless there is a user that stands for Neo', () => {
    assert.equal(told()['settings.neoUserId'], '');
    assert.equal(told({ 'pagerduty-neo-user': 'PN30B0T' })['settings.neoUserId'], 'PN30B0T');
  });

  test('has Neo look at all of the repository, unless a folder is named', () => {
    for (const changes of [{}, { 'git-directory': '' }]) assert.equal(told(changes)['settings.directory'], '');
  });

  test('gets every credential that there is for it, and no other', () => {
    const types = ['pagerDutyWebhookApi', 'pagerDutyApi', 'httpHeaderAuth', 'pulumiCloudApi', 'lokiApi', 'openAiApi'];
    const available = types.map((type) => ({ id: `the-${type}`, name: type, type, data: {} }));
    const chosen = [...SHARED_WORKFLOWS.map(readWorkflow), ...remediation(settings())]
      .flatMap((workflow) => chooseCredentials(workflow, available).nodes)
      .flatMap(({ credentials }) => Object.entries(credentials ?? {}))
      .map(([type, reference]) => [type, at(reference, 'id')] as const);
    for (const [type, id] of chosen) assert.equal(id, `the-${type}`);
    assert.deepEqual(new Set(chosen.map(([type]) => type)), new Set(types.filter((type) => type !== 'openAiApi')));
  });

  test('without a cluster keeps its incidents and claims in PostgreSQL, and tells nothing in a cluster', () => {
    const workflows = [...SHARED_WORKFLOWS.map(readWorkflow), ...remediation(settings())].map(withoutCluster);
    const claiming = workflows.flatMap((workflow) => nodesOf(workflow, 'neoTask'));
    assert.ok(claiming.length > 0 && claiming.every(({ parameters }) => parameters.claims === 'postgres'));
    const triggers = workflows.flatMap((workflow) => nodesOf(workflow, 'securityAlertTrigger'));
    assert.ok(triggers.length > 0 && triggers.every(({ parameters }) => parameters.incidentStore === 'postgres'));
    const telling = workflows.flatMap((workflow) =>
      ['lokiPush', 'pushgatewayMetrics', 'k8sQuarantine'].flatMap((type) => nodesOf(workflow, type)),
    );
    assert.ok(telling.length > 0 && telling.every(({ disabled }) => disabled === true));
  });
});
