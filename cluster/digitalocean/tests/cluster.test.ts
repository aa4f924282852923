import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as pulumi from '@pulumi/pulumi';
import { IMAGE } from './support/configuration';
import { deploy, type Deployment } from './support/deployment';
import { at, has, input, object, objects } from './support/find';

const CLUSTER = 'KubernetesCluster';

describe('the cluster', () => {
  test('has the newest release of a minor version, and takes its load balancers and volumes along', async () => {
    const deployment = await deploy();
    assert.equal(input(deployment, CLUSTER, 'version'), '1.34.10-do.0');
    assert.equal(input(deployment, CLUSTER, 'region'), 'fra1');
    assert.equal(input(deployment, CLUSTER, 'autoUpgrade'), false);
    assert.equal(input(deployment, CLUSTER, 'destroyAllAssociatedResources'), true);
    assert.deepEqual(input(deployment, CLUSTER, 'nodePool'), {
      name: 'security-workshop-berlin-nodes',
      size: 's-4vcpu-8gb',
      nodeCount: 2,
      autoScale: false,
    });
    assert.equal(deployment.outputs.nodesPerHour, 2 * 0.07143);
  });

  test('has exactly the release that was asked for', async () => {
    assert.equal(input(await deploy({ 'kubernetes-version': '1.34.9-do.1' }), CLUSTER, 'version'), '1.34.9-do.1');
  });

  test('is told to the network policies by its own addresses', async () => {
    const all = JSON.stringify(objects(await deploy(IMAGE)));
    assert.ok(all.includes('"10.100.0.0/16"'));
    assert.doesNotMatch(all, /10\.244\./);
  });

  test('is reached with a kubeconfig that stays secret, as passwords do', async () => {
    const { outputs } = await deploy();
    for (const output of [
      outputs.kubeconfig,
      outputs.participantKubeconfig,
      outputs.n8nPassword,
      outputs.grafanaPassword,
    ])
      assert.equal(await pulumi.isSecret(output), true);
  });

  test('can be torn down: admission goes before the records that it protects', async () => {
    const { resources } = await deploy();
    const urn = (name: string): string => resources.find((each) => each.name === name)?.urn ?? '';
    const dependencies = (name: string): string[] => resources.find((each) => each.name === name)?.dependencies ?? [];
    assert.ok(dependencies('token').includes(urn('policy')));
    assert.ok(dependencies('policy').includes(urn('definitions')));
  });
});

describe('the registry', () => {
  test('is made, unless the account has one already', async () => {
    assert.equal(input(await deploy(), 'ContainerRegistry', 'name'), 'acme-workshop');
    const deployment = await deploy({ 'registry-create': 'false' });
    assert.equal(has(deployment, 'ContainerRegistry'), false);
    assert.equal(input(deployment, 'ContainerRegistryDockerCredentials', 'registryName'), 'acme-workshop');
  });
});

describe("the scenarios' deployments", () => {
  const replicas = (deployment: Deployment): unknown[] =>
    ['vulnerable-nginx', 'privileged-pod'].map((name) => {
      const { metadata, spec } = object(deployment, 'Deployment', name);
      assert.equal(metadata.namespace, 'default');
      return at(spec, 'replicas');
    });

  test('have no pods by themselves', async () => {
    assert.deepEqual(replicas(await deploy()), [0, 0]);
  });

  test('may be scaled by kubectl beforehand: Pulumi takes the field back', async () => {
    const deployment = await deploy();
    for (const name of ['vulnerable-nginx', 'privileged-pod']) {
      const { annotations = {} } = object(deployment, 'Deployment', name).metadata;
      assert.equal(annotations['pulumi.com/patchForce'], 'true');
    }
  });

  test('are switched on one by one', async () => {
    assert.deepEqual(replicas(await deploy({ 'scenario-critical-cve': 'true' })), [1, 0]);
    assert.deepEqual(replicas(await deploy({ 'scenario-privileged-pod': 'true' })), [0, 1]);
  });
});
