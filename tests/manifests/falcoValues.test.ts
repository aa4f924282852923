import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type KubernetesObject,
  loadYaml,
  type V1ConfigMap,
  type V1EnvVar,
  type V1NetworkPolicy,
} from '@kubernetes/client-node';

import { loadManifests } from '../../cluster/local/kubernetes/manifests';
import { HEARTBEAT_REST_MS } from '../../core/incident/heartbeat';
import { parsePriority } from '../../core/incident/priority';
import { NAMESPACES, SECRET_HEADER, WEBHOOK_PATH } from '../../core/names';
import stable from '../fixtures/falco-stable.json';
import { normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { isMap, readValues, type Values } from '../support/chartKeys';
import { objects, ROOT } from '../support/manifests';

const FOLDER = join(ROOT, 'manifests/falco');

/** The part of the values that these tests read. */
interface FalcoValues extends Values {
  metrics: { enabled: boolean; interval: string; outputRule: boolean; service: { create: boolean } };
  certs: { existingClientSecret: string };
  falcoctl: { config: { artifact: { install: { refs: string[] } } } };
  falco: {
    append_output: { suggested_output?: boolean; extra_fields?: string[] }[];
    http_output: { url: string; mtls: boolean; ca_cert: string };
    syscall_event_drops: { rate: number; max_burst: number };
  };
  falcosidekick: {
    config: {
      tlsserver: { deploy: boolean; mutualtls: boolean; existingSecret: string; notlspaths: string };
      webhook: { address: string; minimumpriority: string };
      customfields: string;
      extraEnv: V1EnvVar[];
    };
    webui: { user: string; existingSecret: string; service: { type: string; nodePort: number } };
  };
}

const values = readValues(readFileSync(join(FOLDER, 'values.yaml'), 'utf8')) as FalcoValues;
const { config, webui } = values.falcosidekick;
const variable = (name: string) => config.extraEnv.find((one) => one.name === name)?.valueFrom;

describe('the hop from Falco to Falcosidekick', () => {
  test('is closed by mutual TLS', () => {
    const { url, mtls, ca_cert } = values.falco.http_output;
    expect(url).toBe(`https://falco-falcosidekick.${NAMESPACES.falco}.svc:2801`);
    expect([mtls, values.certs.existingClientSecret]).toEqual([true, 'falco-client-tls']);
    // Where the chart mounts that Secret.
    expect(ca_cert).toBe('/etc/falco/certs/client/ca.crt');
    expect(config.tlsserver).toMatchObject({ deploy: true, mutualtls: true, existingSecret: 'falcosidekick-tls' });
  });

  test('leaves open what the probes ask for, and nothing that takes an alert', () => {
    expect(config.tlsserver.notlspaths.split(',')).toEqual(['/ping', '/metrics']);
  });
});

describe('an alert on its way to n8n', () => {
  test("has the pod's uid beside the suggested fields", () => {
    expect(values.falco.append_output).toEqual([{ suggested_output: true }, { extra_fields: ['k8s.pod.uid'] }]);
  });

  test('goes to the trigger, with a secret that stands in no values', () => {
    expect(config.webhook.address).toBe(
      `http://n8n.${NAMESPACES.responder}.svc.cluster.local:5678/webhook/${WEBHOOK_PATH}`,
    );
    expect(variable('WEBHOOK_CUSTOMHEADERS')).toEqual({
      secretKeyRef: { name: 'falcosidekick-webhook', key: 'WEBHOOK_CUSTOMHEADERS' },
    });
    expect(readFileSync(join(FOLDER, 'values.yaml'), 'utf8')).not.toContain(SECRET_HEADER);
  });

  test('goes there whatever rule raised it', () => {
    const order = ['debug', 'informational', 'notice', 'warning', 'error', 'critical'];
    const floor = order.indexOf(config.webhook.minimumpriority);
    for (const said of Object.values(stable.rules))
      expect(order.indexOf(parsePriority(said))).toBeGreaterThanOrEqual(floor);
    // At which Falco 0.44 says that it lost system calls (userspace/falco/event_drops.cpp).
    expect(order.indexOf('debug')).toBeGreaterThanOrEqual(floor);
  });

  test('comes at most every ten minutes from a node that loses system calls', () => {
    const { rate, max_burst } = values.falco.syscall_event_drops;
    expect(1 / rate).toBeGreaterThan(590);
    expect(max_burst).toBe(1);
  });
});

describe('the heartbeat', () => {
  const { enabled, interval, outputRule, service } = values.metrics;
  const minutes = Number(/^(\d+)m$/.exec(interval)?.[1]);

  test('is sent as an alert, and Falco gets no further Service for it', () => {
    expect([enabled, outputRule, service.create]).toEqual([true, true, false]);
  });

  test('starts the workflow each time, whatever the number of nodes', () => {
    expect(minutes * 60_000).toBeGreaterThan(HEARTBEAT_REST_MS);
  });

  test('is missed after three intervals by the rule that watches it', () => {
    const [rule] = objects<KubernetesObject & { spec: { groups: { rules: { alert: string; expr: string }[] }[] } }>(
      'PrometheusRule',
    )
      .flatMap(({ spec }) => spec.groups.flatMap(({ rules }) => rules))
      .filter(({ alert }) => alert === 'IncidentHeartbeatMissing');
    expect(rule?.expr).toContain(`> ${3 * minutes * 60}`);
  });
});

describe('custom fields', () => {
  /** As Falcosidekick reads them: what has more or less than two parts is dropped without a word. */
  const fields = config.customfields.split(',').map((entry) => entry.split(':'));

  test('arrive, also with colons in them, and n8n takes each for what it is', () => {
    const said = 'https://example.com/a:b,c';
    const arrived = Object.fromEntries(
      fields.map((parts) => {
        const [name = '', value = ''] = parts;
        expect([name, parts.length, value.startsWith('%')]).toEqual([name, 2, true]);
        return [name, said];
      }),
    );
    expect(Object.keys(arrived)).toHaveLength(7);
    const { infrastructure } = normaliseAlert(payload('pod-delete-test', {}, arrived), RECEIVED_AT, 'kernel');
    expect(infrastructure).toEqual(arrived);

    const context = loadYaml<V1ConfigMap>(readFileSync(join(FOLDER, 'infrastructure-context.yaml'), 'utf8'));
    const keys = fields.map(([, value = '']) => value.slice(1));
    expect(Object.keys(context.data ?? {}).toSorted()).toEqual(keys.toSorted());
    for (const key of keys) expect(variable(key)).toEqual({ configMapKeyRef: { name: context.metadata?.name, key } });
  });
});

test("the UI is on its port, and not with the chart's admin:admin", () => {
  expect(webui.service).toMatchObject({ type: 'NodePort', nodePort: 32040 });
  expect([webui.user, webui.existingSecret]).toEqual(['', 'falcosidekick-ui']);
});

test('every image and rule set has a version', () => {
  const images = (part: Values, above = ''): [string, unknown][] =>
    Object.entries(part).flatMap(([key, value]) => {
      if (!isMap(value)) return [];
      return key === 'image' ? [[above, value.tag]] : images(value, `${above}/${key}`);
    });
  expect(images(values)).toHaveLength(6);
  for (const [where, tag] of images(values))
    expect([where, tag]).toEqual([where, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  expect(values.falcoctl.config.artifact.install.refs).toEqual([expect.stringMatching(/^falco-rules:5\.1\.\d+$/)]);
  expect(stable.source).toContain('falco-rules 5.1');
});

describe('network policies', () => {
  async function policy(name: string) {
    const all = (await loadManifests(FOLDER)).filter(({ kind }) => kind === 'NetworkPolicy') as V1NetworkPolicy[];
    const found = all.find(({ metadata }) => metadata?.name === name);
    expect(found?.metadata?.namespace).toBe(NAMESPACES.falco);
    expect(found?.spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    return found?.spec;
  }
  const pods = (labels: Record<string, string>) => ({ podSelector: { matchLabels: labels } });
  const part = (component: string) =>
    pods({ 'app.kubernetes.io/name': 'falcosidekick', 'app.kubernetes.io/component': component });
  const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
  const DNS = {
    to: [{ ...namespace('kube-system'), ...pods({ 'k8s-app': 'kube-dns' }) }],
    ports: [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ],
  };

  test("let Falco to Falcosidekick's input, and Falcosidekick to n8n and its UI", async () => {
    expect(await policy('falcosidekick')).toMatchObject({
      ...part('core'),
      ingress: [
        { _from: [pods({ 'app.kubernetes.io/name': 'falco' })], ports: [{ port: 2801 }] },
        { _from: [namespace(NAMESPACES.monitoring)], ports: [{ port: 2810 }] },
      ],
      egress: [
        { to: [namespace(NAMESPACES.responder)], ports: [{ port: 5678 }] },
        { to: [part('ui')], ports: [{ port: 2802 }] },
        DNS,
      ],
    });
  });

  test('let no pod but Falcosidekick to the UI, and no pod but the UI to its store', async () => {
    const ui = await policy('falcosidekick-ui');
    expect(ui).toMatchObject({ ...part('ui'), egress: [{ to: [part('ui-redis')], ports: [{ port: 6379 }] }, DNS] });
    expect(ui?.ingress).toHaveLength(1);
    expect(ui?.ingress?.[0]?.ports).toEqual([{ port: 2802 }]);
    const [falcosidekick, ...addresses] = ui?.ingress?.[0]?._from ?? [];
    expect(falcosidekick).toMatchObject(part('core'));
    expect(addresses.map(({ ipBlock }) => [ipBlock?.cidr, ipBlock?.except])).toEqual([
      ['0.0.0.0/0', ['10.244.0.0/16']],
      ['10.244.0.1/32', undefined],
    ]);
    const store = await policy('falcosidekick-ui-redis');
    expect(store).toMatchObject({ ...part('ui-redis'), ingress: [{ ports: [{ port: 6379 }] }] });
    expect(store?.ingress?.[0]?._from).toMatchObject([part('ui')]);
    expect(store?.egress).toBeUndefined();
  });
});
