import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type KubernetesObject,
  loadAllYaml,
  loadYaml,
  type V1ConfigMap,
  type V1Deployment,
  type V1HorizontalPodAutoscaler,
  type V1NetworkPolicy,
} from '@kubernetes/client-node';

import { queueEnvironment } from '../../cluster/local/queue/environment';
import { GRACE_SECONDS, workers } from '../../cluster/local/queue/processes';
import { addressesIn } from '../../gate/address';
import { reservedIn } from '../../gate/reserved';
import { NAMESPACES } from '../../core/names';
import { objects, ROOT } from '../support/manifests';
import { mayReach, type PodOf } from '../support/networkPolicies';

/** The Prometheus operator's, as far as it matters here. */
interface PodMonitor {
  namespaceSelector: { matchNames: string[] };
  selector: { matchLabels: Record<string, string> };
  podMetricsEndpoints: { port: string }[];
}

/** Kustomize's, as far as it matters here. */
interface Kustomization {
  nameSuffix: string;
  labels: object[];
}

const PAGERDUTY = 'n8n-webhook-pagerduty';

const text = (name: string) => readFileSync(join(ROOT, 'manifests', name), 'utf8');
const deployment = (name: string): V1Deployment => {
  const found = objects<V1Deployment>('Deployment').find(({ metadata }) => metadata?.name === name);
  if (found === undefined) throw new Error(`There is no Deployment ${name}`);
  return found;
};
const podOf = ({ spec }: V1Deployment) => spec?.template.spec;
const named = (name: string): PodOf => ({
  namespace: NAMESPACES.responder,
  labels: { 'app.kubernetes.io/name': name },
});

const base = deployment('n8n');
const patch = loadYaml<V1Deployment>(text('n8n-scaled/main.patch.yaml'));
const webhook = deployment('n8n-webhook');
const worker = deployment('n8n-worker');
const { data = {} } = loadYaml<V1ConfigMap>(text('n8n-scaled/configuration.yaml'));

test("n8n in the cluster is set for queue mode as the embedded stack's is", () => {
  const secrets = { password: '', passwordHash: '', webhookSecret: '', encryptionKey: '' };
  const local = queueEnvironment({ ...secrets, databasePassword: 'd', redisPassword: 'r' });
  const own = /_HOST$|_PORT$|_DATABASE$|_USER$/;
  const settings = Object.entries(local).filter(([name]) => !name.endsWith('_PASSWORD'));
  expect(Object.keys(data).sort()).toEqual(settings.map(([name]) => name).sort());
  for (const [name, value] of settings) if (!own.test(name)) expect([name, data[name]]).toEqual([name, value]);
});

describe.each([
  ['the main process', patch],
  ['a webhook processor', webhook],
  ['a worker', worker],
])('%s', (_what, process) => {
  const [n8n] = podOf(process)?.containers ?? [];

  test('has the settings of queue mode and both passwords', () => {
    expect(n8n?.envFrom?.map(({ configMapRef }) => configMapRef?.name)).toEqual(['n8n', 'n8n-queue']);
    const passwords = (n8n?.env ?? []).filter(({ name }) => name.endsWith('_PASSWORD'));
    expect(passwords.map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef?.name])).toEqual([
      ['DB_POSTGRESDB_PASSWORD', 'n8n-queue'],
      ['QUEUE_BULL_REDIS_PASSWORD', 'n8n-queue'],
    ]);
  });

  test('may finish its executions before it is killed', () => {
    expect(podOf(process)?.terminationGracePeriodSeconds).toBeGreaterThan(GRACE_SECONDS);
  });
});

describe.each([
  ['a webhook processor', webhook],
  ['a worker', worker],
])('%s', (_what, process) => {
  const [pod, original] = [podOf(process), podOf(base)];
  const [n8n] = pod?.containers ?? [];
  const [before] = original?.containers ?? [];

  test("has the main process's encryption key, image, identity and confinement", () => {
    const key = (env = n8n?.env) => env?.find(({ name }) => name === 'N8N_ENCRYPTION_KEY');
    expect(key()).toEqual(key(before?.env));
    expect(n8n?.image).toBe(before?.image);
    expect(n8n?.securityContext).toEqual(before?.securityContext);
    expect(pod?.serviceAccountName).toBe(original?.serviceAccountName);
    expect(pod?.automountServiceAccountToken).toBe(false);
    const token = (volumes = pod?.volumes) => volumes?.find(({ name }) => name === 'responder');
    expect(token()).toEqual(token(original?.volumes));
  });

  test('is no pod of the main process', () => {
    const labels = process.spec?.template.metadata?.labels;
    expect(labels).toEqual(process.spec?.selector.matchLabels);
    expect(labels).not.toEqual(base.spec?.selector.matchLabels);
  });

  test('is asked whether it is ready before it gets work, and is spread over the nodes', () => {
    expect(n8n?.startupProbe?.httpGet?.path).toBe('/healthz/readiness');
    expect(n8n?.readinessProbe?.httpGet?.path).toBe('/healthz/readiness');
    expect(n8n?.resources?.limits?.memory).toBeDefined();
    expect(pod?.topologySpreadConstraints?.[0]?.topologyKey).toBe('kubernetes.io/hostname');
  });
});

test("a worker takes as many executions as the embedded stack's", () => {
  const [local] = workers('/n8n', {}, { webhooks: 1, workers: 1, pagerDuty: false });
  expect(podOf(worker)?.containers[0]?.args).toEqual(local?.args.slice(1));
});

describe('requests', () => {
  test('reach a webhook processor by the gate beside it, which has no secret and no volume', () => {
    const [n8n, gate] = podOf(webhook)?.containers ?? [];
    expect([n8n?.ports, gate?.ports]).toEqual([undefined, [{ name: 'http', containerPort: 5678 }]]);
    expect(gate).toEqual(podOf(base)?.containers[1]);
  });

  test("are handed to the Service of the webhook processors by the main process's gate", () => {
    const gate = podOf(patch)?.containers.find(({ name }) => name === 'gate');
    expect(addressesIn(gate?.env?.find(({ name }) => name === 'GATE_WEBHOOKS')?.value ?? '')).toEqual([
      { host: 'n8n-webhook', port: 5678 },
    ]);
  });
});

test("PagerDuty's requests go to the processors that the component has under its name", () => {
  const gate = podOf(loadYaml<V1Deployment>(text('n8n-scaled/pagerduty/gate.patch.yaml')))?.containers[0];
  const reserved = reservedIn(gate?.env?.find(({ name }) => name === 'GATE_RESERVED')?.value ?? '');
  expect([...reserved]).toEqual([['/webhook/pagerduty', [{ host: PAGERDUTY, port: 5678 }]]]);
  const processor = text('n8n-scaled/pagerduty/processor/kustomization.yaml');
  const { nameSuffix, labels } = loadYaml<Kustomization>(processor);
  expect(`${webhook.metadata?.name}${nameSuffix}`).toBe(PAGERDUTY);
  expect(labels).toEqual([
    { pairs: { 'app.kubernetes.io/name': PAGERDUTY }, includeSelectors: true, includeTemplates: true },
  ]);
});

describe('NetworkPolicies of queue mode', () => {
  const policies = [
    'n8n/networkpolicy.yaml',
    'n8n-scaled/networkpolicy.yaml',
    'n8n-scaled/pagerduty/networkpolicy.yaml',
  ]
    .flatMap((file) => loadAllYaml(text(file)) as V1NetworkPolicy[])
    .map((policy) =>
      Object.assign(policy, { metadata: { name: policy.metadata?.name, namespace: NAMESPACES.responder } }),
    );
  const reaches = (from: PodOf, to: string, port: number) =>
    mayReach(policies, { address: '10.244.0.17', pod: from }, named(to), port);

  test('let the main process reach the webhook processors, and no worker', () => {
    for (const processor of ['n8n-webhook', PAGERDUTY]) {
      expect(reaches(named('n8n'), processor, 5678)).toBe(true);
      expect(reaches(named('n8n-worker'), processor, 5678)).toBe(false);
    }
    expect(reaches(named('n8n-worker'), 'n8n', 5678)).toBe(false);
  });

  test.each(['n8n', 'n8n-webhook', PAGERDUTY, 'n8n-worker'])("let no tenant's pod reach %s", (to) => {
    const tenant = { ...named('n8n'), namespace: NAMESPACES.playground };
    expect([5678, 5680, 5681].map((port) => reaches(tenant, to, port))).toEqual([false, false, false]);
  });

  test("let nobody reach n8n past the gate, or a worker's port", () => {
    expect([reaches(named('n8n'), 'n8n-webhook', 5680), reaches(named('n8n'), 'n8n-worker', 5681)]).toEqual([
      false,
      false,
    ]);
  });
});

test('the queue is scraped from the main process, which counts it', () => {
  const [monitor] = objects<KubernetesObject & { spec: PodMonitor }>('PodMonitor');
  expect(monitor?.spec.namespaceSelector.matchNames).toEqual([NAMESPACES.responder]);
  expect(base.spec?.template.metadata?.labels).toMatchObject(monitor?.spec.selector.matchLabels ?? { none: '' });
  const ports = podOf(base)?.containers.flatMap((container) => container.ports ?? []) ?? [];
  for (const { port } of monitor?.spec.podMetricsEndpoints ?? []) expect(ports.map(({ name }) => name)).toContain(port);
  const { data: metrics } = loadYaml<V1ConfigMap>(text('n8n-scaled/autoscaling/metrics.patch.yaml'));
  expect(metrics).toMatchObject({ N8N_METRICS: 'true', N8N_METRICS_INCLUDE_QUEUE_METRICS: 'true' });
});

test('workers are added by the length of the queue, and removed slowly', () => {
  const [hpa] = objects<V1HorizontalPodAutoscaler>('HorizontalPodAutoscaler');
  const spec = hpa?.spec as object;
  expect(spec).toMatchObject({
    scaleTargetRef: { kind: 'Deployment', name: worker.metadata?.name },
    minReplicas: worker.spec?.replicas,
    metrics: [{ type: 'External', external: { metric: { name: 'n8n_scaling_mode_queue_jobs_waiting' } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: GRACE_SECONDS } },
  });
});
