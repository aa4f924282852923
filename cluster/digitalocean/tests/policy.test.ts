import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { readText } from '../repository/paths';
import { MARK } from './support/answers';
import { IMAGE, SECRETS } from './support/configuration';
import { type Declared, deploy, type Deployment } from './support/deployment';
import { at, text } from './support/find';
import { leaves, manifestsOf } from './support/inputs';

const HOSTS = ['cluster', 'app-platform'] as const;

/** All that no resource may hold as plain text: what was configured, and what providers made up. */
const isSecretText = (text: string): boolean =>
  [MARK, ...Object.values(SECRETS)].some((secret) => text.includes(secret));

/** Groups of kinds that every cluster has. */
const BUILT_IN = [
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apps',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
];

const groupOf = (apiVersion: unknown): string => /^(.*)\//.exec(text(apiVersion))?.[1] ?? '';

for (const host of HOSTS)
  describe(`what is declared with n8n on ${host}`, () => {
    let deployment: Deployment;
    before(async () => {
      deployment = await deploy({ ...IMAGE, 'n8n-host': host, 'n8n-editor': 'true' });
    });
    const of = (type: string): Declared[] => deployment.resources.filter((each) => each.type.endsWith(type));

    test('has names, and no name twice', () => {
      const urns = deployment.resources.map(({ urn }) => urn);
      assert.ok(
        urns.every((urn) => /::[a-z0-9.-]+$/.test(urn)),
        urns.join('\n'),
      );
      assert.deepEqual(
        urns.filter((urn, index) => urns.indexOf(urn) !== index),
        [],
      );
    });

    test('pins every chart', () => {
      const releases = of(':Release');
      assert.deepEqual(releases.map(({ inputs }) => inputs.chart).sort(), [
        'alloy',
        'falco',
        'kube-prometheus-stack',
        'kyverno',
        'trivy-operator',
      ]);
      for (const { name, inputs } of releases) {
        assert.match(text(inputs.version), /^\d+\.\d+\.\d+$/, name);
        assert.match(text(at(inputs, 'repositoryOpts.repo')), /^https:/, name);
        assert.equal(inputs.name, name, 'deploy.sh knows the release by this name');
      }
    });

    test('takes the versions that the values were written for', () => {
      const files = [
        'falco/values.yaml',
        'monitoring/kube-prometheus-stack.yaml',
        'monitoring/alloy.yaml',
        'trivy/values.yaml',
        'kyverno/values.yaml',
      ];
      const heads = files.map((file) => readText(`manifests/${file}`).split('\n')[0] ?? '');
      for (const { name, inputs } of of(':Release')) {
        const head = heads.find((line) => line.includes(` ${name} `));
        assert.ok(head?.includes(text(inputs.version)), `${name} ${text(inputs.version)}: ${head ?? 'no values'}`);
      }
    });

    test('pins every image', () => {
      const images = deployment.resources.flatMap(({ inputs }) =>
        leaves(inputs).flatMap(({ path, value }) =>
          path.at(-1) === 'image' && path.at(-3)?.toLowerCase().endsWith('containers') ? [String(value)] : [],
        ),
      );
      assert.ok(images.length >= 7, images.join('\n'));
      for (const image of images) assert.match(image, /(:v?\d[\w.-]*|:[0-9a-f]{12}|@sha256:[0-9a-f]{64})$/);
    });

    test('leaves nothing to be filled in', () => {
      const unset = deployment.resources.filter(({ inputs }) => JSON.stringify(inputs).includes('UNSET'));
      assert.deepEqual(
        unset.map(({ name }) => name),
        [],
      );
    });

    test('holds no secret as plain text', () => {
      const plain = deployment.resources.flatMap(({ name, type, inputs }) =>
        leaves(inputs).flatMap(({ path, value }) =>
          typeof value === 'string' && isSecretText(value)
            ? [`${type} ${name}: ${path.join('.')} = ${value.slice(0, 60)}`]
            : [],
        ),
      );
      assert.deepEqual(plain, []);
    });

    test('leaves kinds that charts bring to resources that are looked up after the chart', () => {
      const definitions = of(':ConfigGroup').flatMap(manifestsOf);
      const ours = definitions.flatMap(({ kind, spec }) =>
        kind === 'CustomResourceDefinition' ? [text(at(spec, 'group'))] : [],
      );
      assert.ok(ours.length > 0);
      const foreign = definitions.filter(({ apiVersion }) => ![...BUILT_IN, ...ours].includes(groupOf(apiVersion)));
      assert.deepEqual(
        foreign.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
        [],
      );
      const waiting = (kind: string, chart: string): void => {
        const maker = of(':Release').find(({ name }) => name === chart)?.urn;
        const made = of(`:${kind}`);
        assert.ok(made.length > 0 && made.every(({ dependencies }) => maker && dependencies.includes(maker)), kind);
      };
      waiting('PrometheusRule', 'kube-prometheus-stack');
      waiting('ServiceMonitor', 'kube-prometheus-stack');
      waiting('ValidatingPolicy', 'kyverno');
    });

    test('opens no port of a node: DigitalOcean would open it to the internet', () => {
      // Falcosidekick's UI would have one, and is off.
      const isOff = (path: string[]): boolean => path.includes('webui');
      const falco = of(':Release').find(({ name }) => name === 'falco');
      assert.equal(at(falco?.inputs, 'values.falcosidekick.webui.enabled'), false);
      const open = deployment.resources.flatMap(({ name, inputs }) =>
        leaves(inputs).flatMap(({ path, value }) =>
          !isOff(path) && (value === 'NodePort' || path.at(-1) === 'nodePort') ? [`${name}: ${path.join('.')}`] : [],
        ),
      );
      assert.deepEqual(open, []);
    });

    test('makes each namespace before what lies in it', () => {
      const known = ['default', 'kube-system'];
      const order: Record<string, string[]> = Object.fromEntries(
        deployment.resources.map(({ urn, dependencies }) => [urn, dependencies]),
      );
      const comesAfter = (urn: string, wanted: string): boolean =>
        (order[urn] ?? []).some((each) => each === wanted || comesAfter(each, wanted));
      const makers = new Map(
        deployment.resources.flatMap((each) =>
          manifestsOf(each).flatMap(({ kind, metadata }) =>
            kind === 'Namespace' ? [[metadata.name, each.urn] as const] : [],
          ),
        ),
      );
      assert.deepEqual([...makers.keys()].sort(), [
        'kyverno',
        'monitoring',
        'n8n',
        'playground',
        'security',
        'trivy-system',
        ...(host === 'cluster' ? ['webhook-gate'] : []),
      ]);
      for (const each of deployment.resources) {
        const namespaces = [each.inputs.namespace, ...manifestsOf(each).map(({ metadata }) => metadata.namespace)];
        for (const namespace of namespaces) {
          if (typeof namespace !== 'string' || known.includes(namespace)) continue;
          const maker = makers.get(namespace);
          assert.ok(maker !== undefined, `${each.name} lies in ${namespace}, which nobody makes`);
          assert.ok(maker === each.urn || comesAfter(each.urn, maker), `${each.name} does not wait for ${namespace}`);
        }
      }
    });

    test("pins the tags of charts' images where values name them", () => {
      const tags = of(':Release').flatMap(({ name, inputs }) =>
        leaves(inputs).flatMap(({ path, value }) =>
          path.slice(-2).join('.') === 'image.tag' ? [`${name} ${String(value)}`] : [],
        ),
      );
      for (const tag of tags) assert.match(tag, /^\S+ v?\d+\.\d+/);
    });
  });
