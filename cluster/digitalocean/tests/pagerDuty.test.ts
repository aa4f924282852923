import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GROUPING_FIELDS } from '../pagerduty/service';
import { MARK } from './support/answers';
import { IMAGE } from './support/configuration';
import { deploy } from './support/deployment';
import { at, has, held, input, list, only, text } from './support/find';

describe('PagerDuty', () => {
  test('calls the person, and has a key for each sender, which finds it in a Secret', async () => {
    const deployment = await deploy();
    assert.deepEqual(input(deployment, 'EscalationPolicy', 'rules'), [
      { escalationDelayInMinutes: 30, targets: [{ type: 'user_reference', id: 'PUSER1' }] },
    ]);
    const service = (path: string): unknown => input(deployment, 'Service', path, 'security-incidents');
    assert.equal(service('name'), 'Kubernetes Security Incidents');
    assert.equal(service('alertCreation'), 'create_alerts_and_incidents');
    assert.equal(
      held(deployment, 'Secret', 'falcosidekick-pagerduty').PAGERDUTY_ROUTINGKEY,
      `${MARK} routing key falco`,
    );
    assert.equal(held(deployment, 'Secret', 'alertmanager-pagerduty')['routing-key'], `${MARK} routing key prometheus`);
  });

  test('may have another service in the same account', async () => {
    const deployment = await deploy({ 'pagerduty-service': 'Incidents of p02' });
    for (const type of ['EscalationPolicy', 'AlertGroupingSetting'])
      assert.equal(input(deployment, type, 'name'), 'Incidents of p02');
    assert.equal(input(deployment, 'Service', 'name', 'security-incidents'), 'Incidents of p02');
  });

  test('groups what is about the same matter for an hour', async () => {
    const deployment = await deploy();
    const setting = (path: string): unknown => input(deployment, 'AlertGroupingSetting', path);
    assert.equal(setting('type'), 'content_based');
    assert.deepEqual(setting('config'), { aggregate: 'all', fields: GROUPING_FIELDS, timeWindow: 3600 });
    assert.deepEqual(setting('services'), ['security-incidents-id']);
    const cluster = only(deployment, 'KubernetesCluster');
    assert.ok(cluster.dependencies.includes(only(deployment, 'AlertGroupingSetting').urn), 'a refusal comes first');
  });

  test('groups nothing where the plan has no grouping', async () => {
    assert.equal(has(await deploy({ 'alert-grouping': 'false' }), 'AlertGroupingSetting'), false);
  });

  test('gets from both senders the field that it groups by', async () => {
    const deployment = await deploy();
    const [field = ''] = GROUPING_FIELDS.map((each) => each.replace(/^custom_details\./, ''));
    const templated = input(deployment, 'Release', 'values.falcosidekick.config.templatedfields', 'falco');
    assert.ok(text(templated).startsWith(`${field}:`));
    const receivers = input(deployment, 'Release', 'values.alertmanager.config.receivers', 'kube-prometheus-stack');
    const details = list(receivers).flatMap((receiver) => at(receiver, 'pagerduty_configs.0.details') ?? []);
    assert.ok(details.length > 0 && details.every((each) => typeof at(each, field) === 'string'));
  });

  test('posts to n8n as soon as there is one', async () => {
    const deployment = await deploy(IMAGE);
    const subscription = (path: string): unknown => input(deployment, 'Resource', path, 'n8n');
    assert.equal(subscription('url'), 'https://n8n-berlin.workshop.example.com/webhook/pagerduty');
    assert.equal(deployment.outputs.webhookUrl, subscription('url'));
    assert.equal(subscription('serviceId'), 'security-incidents-id');
    assert.deepEqual(subscription('events'), ['incident.triggered', 'incident.reopened', 'incident.resolved']);
    assert.equal(has(await deploy(), 'Resource'), false);
  });
});
