import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadYaml, type V1Deployment } from '@kubernetes/client-node';

import { loadManifests } from '../../cluster/local/kubernetes/manifests';
import { INFRASTRUCTURE_NAMESPACES, NAMESPACES } from '../../core/names';
import { isMap, readValues, type Values } from '../support/chartKeys';
import { ROOT } from '../support/manifests';

const text = (file: string) => readFileSync(join(ROOT, 'manifests', file), 'utf8');

describe('Trivy Operator', () => {
  const values = loadYaml<Values & { excludeNamespaces: string }>(text('trivy/values.yaml'));

  test("scans all but the infrastructure, of which n8n is none: its image is somebody's", () => {
    expect(values.excludeNamespaces.split(',').toSorted()).toEqual(
      [...INFRASTRUCTURE_NAMESPACES].filter((name) => name !== NAMESPACES.responder).toSorted(),
    );
  });

  test('has the time and memory that a large image needs, and is scraped', () => {
    expect(values).toMatchObject({
      operator: { scanJobTimeout: '10m' },
      trivy: { timeout: '10m0s', resources: { limits: { memory: '2Gi' } } },
      serviceMonitor: { enabled: true, honorLabels: true },
    });
  });
});

describe('Kyverno', () => {
  const values = readValues(text('kyverno/values.yaml'));

  test.each(['admissionController', 'reportsController', 'backgroundController'])('%s is scraped', (controller) => {
    expect(values[controller]).toMatchObject({ serviceMonitor: { enabled: true } });
  });

  test.each(['kyverno_policy_results_total', 'kyverno_validating_policy_results_total'])(
    '%s keeps the namespace of what it is about',
    (metric) => {
      expect(values.metricsConfig).toMatchObject({ metricsExposure: { [metric]: { disabledLabelDimensions: [] } } });
    },
  );

  // What its expression says of pods: tests/e2e/disallowPrivileged.test.ts.
  test('its policy reports, also what was there before, and refuses nothing', () => {
    expect(readValues(text('kyverno/disallow-privileged.yaml'))).toMatchObject({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'ValidatingPolicy',
      spec: {
        validationActions: ['Audit'],
        failurePolicy: 'Ignore',
        evaluation: { admission: { enabled: true }, background: { enabled: true } },
        autogen: { podControllers: { controllers: [] } },
        matchConstraints: { resourceRules: [{ resources: ['pods', 'pods/ephemeralcontainers'] }] },
      },
    });
  });
});

test.each(['trivy', 'kyverno'])('every image of %s that is set has a version', (chart) => {
  const tags = (part: Values): unknown[] =>
    Object.entries(part).flatMap(([key, value]) => (!isMap(value) ? [] : key === 'image' ? [value.tag] : tags(value)));
  const found = tags(readValues(text(`${chart}/values.yaml`)));
  expect(found.length).toBeGreaterThan(1);
  for (const tag of found) expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
});

test('nothing of the workshop runs before somebody scales it, and all of it is where the docs say', async () => {
  const deployments = (await loadManifests(join(ROOT, 'manifests/workshop'))) as V1Deployment[];
  expect(
    deployments.map(({ kind, metadata, spec }) => [kind, metadata?.name, metadata?.namespace, spec?.replicas]),
  ).toEqual([
    ['Deployment', 'vulnerable-nginx', 'default', 0],
    ['Deployment', 'privileged-pod', 'default', 0],
  ]);
});
