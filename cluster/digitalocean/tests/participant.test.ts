import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { BY_NAMESPACE, EVERYWHERE } from '../participant/rights';
import { MARK } from './support/answers';
import { deploy } from './support/deployment';
import { at, input, list, objects, text } from './support/find';

const rules = [...EVERYWHERE, ...Object.values(BY_NAMESPACE).flat()];

describe('a participant', () => {
  test('sees no Secret, makes nothing, and has no right that is written with a star', () => {
    const resources = rules.flatMap((rule) => rule.resources);
    assert.ok(!resources.includes('secrets'));
    assert.doesNotMatch(JSON.stringify(rules), /\*/);
    const made = rules.filter(({ verbs }) => verbs.includes('create')).flatMap((rule) => rule.resources);
    assert.deepEqual([...new Set(made)].sort(), ['pods/exec', 'pods/portforward']);
  });

  test('enters no pod beside those of the scenarios, and never the privileged one', async () => {
    const entered = Object.keys(BY_NAMESPACE).filter((name) =>
      BY_NAMESPACE[name]?.some(({ resources }) => resources.includes('pods/exec')),
    );
    assert.deepEqual(entered, ['default', 'playground']);
    const deployment = await deploy();
    const spec = (path: string): unknown => input(deployment, 'ValidatingAdmissionPolicy', `spec.${path}`);
    assert.equal(
      spec('validations.0.expression'),
      "request.namespace == 'playground' || request.name.startsWith('vulnerable-nginx-')",
    );
    assert.equal(
      spec('matchConditions.0.expression'),
      "request.userInfo.username == 'system:serviceaccount:default:participant'",
    );
    assert.deepEqual(spec('matchConstraints.resourceRules.0.operations'), ['CONNECT']);
    assert.deepEqual(input(deployment, 'ValidatingAdmissionPolicyBinding', 'spec.validationActions'), ['Deny']);
  });

  test("has these rights bound where they are, and the cluster's own nowhere", async () => {
    const bound = objects(await deploy()).filter(
      ({ kind, subjects }) => kind.endsWith('RoleBinding') && JSON.stringify(subjects ?? '').includes('"participant"'),
    );
    const places = bound.map(({ metadata }) => metadata.namespace ?? 'everywhere');
    assert.deepEqual(places.sort(), ['everywhere', ...Object.keys(BY_NAMESPACE)].sort());
    for (const { roleRef } of bound) assert.equal(at(roleRef, 'name'), 'participant');
  });

  test("comes in by a kubeconfig that is secret, and is not the cluster's", async () => {
    const { outputs } = await deploy();
    assert.equal(await pulumi.isSecret(outputs.participantKubeconfig), true);
    const config = await new Promise<string>((resolve) => {
      outputs.participantKubeconfig.apply(resolve);
    });
    const read: unknown = parse(config);
    assert.equal(at(read, 'clusters.0.cluster.server'), 'https://cluster.example.com');
    assert.equal(at(read, 'clusters.0.cluster.certificate-authority-data'), 'YXV0aG9yaXR5');
    assert.equal(text(at(list(at(read, 'users'))[0], 'user.token')), `${MARK} participant`);
  });
});
