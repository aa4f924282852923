import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  loadAllYaml,
  loadYaml,
  type V1Deployment,
  type V1NetworkPolicy,
  type V1Service,
} from '@kubernetes/client-node';

import { NAMESPACES } from '../../core/names';
import { objects, ROOT } from '../support/manifests';
import { type Caller, mayReach, type PodOf } from '../support/networkPolicies';

const named = (name: string, namespace: string, more: Record<string, string> = {}): PodOf => ({
  namespace,
  labels: { 'app.kubernetes.io/name': name, ...more },
});
const from = (pod: PodOf): Caller => ({ address: '10.244.0.17', pod });

const tenant = from(named('shop', NAMESPACES.playground));
const impostor = from(named('prometheus', NAMESPACES.playground));
const world: Caller = { address: '172.18.0.1' };
/** A pod whose address a plugin has replaced by the node's. */
const masked: Caller = { address: '10.244.0.1' };

const prometheus = named('prometheus', NAMESPACES.monitoring);
const alertmanager = named('alertmanager', NAMESPACES.monitoring);
const grafana = named('grafana', NAMESPACES.monitoring);
const falcosidekick = named('falcosidekick', NAMESPACES.falco, { 'app.kubernetes.io/component': 'core' });
const n8n = named('n8n', NAMESPACES.responder);

/** The folder's policies, in the namespace that its kustomization gives them. */
function policiesOf(folder: string, file: string): V1NetworkPolicy[] {
  const text = (name: string) => readFileSync(join(ROOT, 'manifests', folder, name), 'utf8');
  const { namespace } = loadYaml<{ namespace: string }>(text('kustomization.yaml'));
  const found = loadAllYaml(text(file)) as V1NetworkPolicy[];
  return found.map((policy) => Object.assign(policy, { metadata: Object.assign({ namespace }, policy.metadata) }));
}

const policies = [
  ...policiesOf('monitoring', 'networkpolicies.yaml'),
  ...policiesOf('falco', 'networkpolicies.yaml'),
  ...policiesOf('n8n', 'networkpolicy.yaml'),
];

describe('Alertmanager', () => {
  test('takes alerts of Prometheus', () => {
    expect(mayReach(policies, from(prometheus), alertmanager, 9093)).toBe(true);
  });

  test.each([
    ["a tenant's pod", tenant],
    ['a pod that calls itself Prometheus in another namespace', impostor],
    ['Grafana', from(grafana)],
    ['n8n', from(n8n)],
    ['Falcosidekick', from(falcosidekick)],
    ['the world', world],
    ["a pod behind the node's address", masked],
  ])('takes no alert and no silence of %s', (_who, caller) => {
    expect(mayReach(policies, caller, alertmanager, 9093)).toBe(false);
  });

  test('calls nobody in the cluster but the name server', () => {
    const policy = policies.find(({ metadata }) => metadata?.name === 'alertmanager');
    expect(policy?.spec?.policyTypes).toContain('Egress');
    const blocks = (policy?.spec?.egress ?? []).flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    expect(blocks).toEqual([{ cidr: '0.0.0.0/0', except: expect.arrayContaining(['10.0.0.0/8']) as string[] }]);
  });
});

describe('Prometheus', () => {
  test.each([
    ['Grafana', from(grafana), true],
    ['who comes by the NodePort', world, true],
    ["a tenant's pod", tenant, false],
    ['n8n', from(n8n), false],
  ])('is reached by %s: %s', (_who, caller, expected) => {
    expect(mayReach(policies, caller, prometheus, 9090)).toBe(expected);
  });
});

describe('Falco', () => {
  const falco = named('falco', NAMESPACES.falco);

  test.each([
    ["a tenant's pod", tenant],
    ['Falcosidekick', from(falcosidekick)],
    ['Prometheus', from(prometheus)],
    ['the world', world],
  ])('shows its counters to nobody: %s', (_who, caller) => {
    expect(mayReach(policies, caller, falco, 8765)).toBe(false);
  });
});

describe('n8n', () => {
  test.each([
    ['Falcosidekick', from(falcosidekick), true],
    ['who comes by the NodePort', world, true],
    ["a tenant's pod", tenant, false],
    [
      "Falcosidekick's UI",
      from(named('falcosidekick', NAMESPACES.falco, { 'app.kubernetes.io/component': 'ui' })),
      false,
    ],
  ])('is reached at the gate by %s: %s', (_who, caller, expected) => {
    expect(mayReach(policies, caller, n8n, 5678)).toBe(expected);
  });

  test.each([
    ['Falcosidekick', from(falcosidekick)],
    ['the world', world],
  ])('is not reached past the gate by %s', (_who, caller) => {
    expect(mayReach(policies, caller, n8n, 5680)).toBe(false);
  });

  test("and Pushgateway are not reached through the node's port by a pod, whose address nothing replaces", () => {
    expect(mayReach(policies, masked, n8n, 5678)).toBe(false);
    const services = objects<V1Service>('Service').filter(({ spec }) => spec?.type === 'NodePort');
    expect(services.map(({ metadata }) => metadata?.name).sort()).toEqual(['n8n', 'pushgateway']);
    for (const { spec } of services) expect(spec?.externalTrafficPolicy).toBe('Local');
  });
});

describe('the gate before n8n', () => {
  const pod = objects<V1Deployment>('Deployment').find(({ metadata }) => metadata?.name === 'n8n')?.spec?.template.spec;
  const [main, gate] = pod?.containers ?? [];

  test('is what the Service leads to, and n8n has no port', () => {
    expect([main?.name, gate?.name]).toEqual(['n8n', 'gate']);
    expect([main?.ports, gate?.ports]).toEqual([undefined, [{ name: 'http', containerPort: 5678 }]]);
    expect(gate?.image).toBe(main?.image);
  });

  test('has no secret, no token and no volume', () => {
    expect([gate?.envFrom, gate?.volumeMounts]).toEqual([undefined, undefined]);
    expect((gate?.env ?? []).filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([]);
    expect(gate?.securityContext).toEqual(main?.securityContext);
    expect(gate?.resources?.limits?.memory).toBeDefined();
  });

  test("n8n's /tmp is a file system with a size, so that a full one fails a write and evicts nothing", () => {
    expect(pod?.volumes?.find(({ name }) => name === 'tmp')?.emptyDir).toEqual({ medium: 'Memory', sizeLimit: '64Mi' });
    expect(gate?.volumeMounts).toBeUndefined();
  });
});
