import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  loadYaml,
  type V1PodSpec,
  type V1ValidatingAdmissionPolicySpec,
} from '@kubernetes/client-node';

import { configOf, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { NAMESPACES } from '../../core/names';
import { ROOT } from '../support/manifests';
import { FIRST_START_MS, startCluster } from './support/stack';

/**
 * No Kyverno runs here. What a ValidatingPolicy evaluates has the form of Kubernetes' own policies, and their CEL is what
 * Kyverno extends: so the API server judges by it, and refuses where Kyverno would report. It judges objects of a kind of
 * the test's own, since this API server takes no privileged pod to begin with; for CEL they are as untyped as Kyverno's.
 */
const text = readFileSync(join(ROOT, 'manifests/kyverno/disallow-privileged.yaml'), 'utf8');
const { variables, validations } = loadYaml<{ spec: V1ValidatingAdmissionPolicySpec }>(text).spec;
const MESSAGE = validations?.[0]?.message ?? '';

const GROUP = 'e2e.incident-pipeline.internal';
const POLICY = 'e2e-disallow-privileged';
let admission: AdmissionregistrationV1Api;
let extensions: ApiextensionsV1Api;

type Container = Omit<V1PodSpec['containers'][number], 'name'>;
type Containers = Record<string, Container[]>;

/** Asks whether the API server would take it: nothing is kept. */
const create = (spec: Containers) =>
  connect().objects.create(
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'PodLike',
      metadata: { name: 'pod', namespace: NAMESPACES.playground },
      ...{ spec },
    },
    undefined,
    'All',
  );

const harmless: Container = { image: 'x' };
const privileged: Container = { image: 'x', securityContext: { privileged: true } };

beforeAll(async () => {
  await startCluster();
  admission = configOf().makeApiClient(AdmissionregistrationV1Api);
  extensions = configOf().makeApiClient(ApiextensionsV1Api);
  await remove();
  await until('No kind of an earlier run', 30, async () =>
    (await extensions.listCustomResourceDefinition()).items.some(({ spec }) => spec.group === GROUP) ? undefined : true,
  );
  await extensions.createCustomResourceDefinition({
    body: {
      metadata: { name: `podlikes.${GROUP}` },
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { plural: 'podlikes', kind: 'PodLike' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
          },
        ],
      },
    },
  });
  const resourceRules = [{ apiGroups: [GROUP], apiVersions: ['v1'], operations: ['CREATE'], resources: ['podlikes'] }];
  await admission.createValidatingAdmissionPolicy({
    // An error of an expression is refused too, and with other words.
    body: {
      metadata: { name: POLICY },
      spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules }, variables, validations },
    },
  });
  await admission.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name: POLICY }, spec: { policyName: POLICY, validationActions: ['Deny'] } },
  });
  await until('The policy in force', 30, async () => {
    const answer = await create({ containers: [privileged] }).catch(String);
    return typeof answer === 'string' && answer.includes(POLICY) ? true : undefined;
  });
}, FIRST_START_MS);

async function remove(): Promise<void> {
  await admission.deleteValidatingAdmissionPolicyBinding({ name: POLICY }).catch(() => undefined);
  await admission.deleteValidatingAdmissionPolicy({ name: POLICY }).catch(() => undefined);
  await extensions.deleteCustomResourceDefinition({ name: `podlikes.${GROUP}` }).catch(() => undefined);
}

afterAll(remove);

test.each<[string, Containers]>([
  ['a container without a securityContext', { containers: [harmless] }],
  ['an empty securityContext', { containers: [{ ...harmless, securityContext: {} }] }],
  ['one that says nothing of it', { containers: [{ ...harmless, securityContext: { runAsNonRoot: true } }] }],
  ['one that says no', { containers: [{ ...harmless, securityContext: { privileged: false } }] }],
  ['the same of the others', { containers: [harmless], initContainers: [harmless], ephemeralContainers: [harmless] }],
  ['no others', { containers: [harmless], initContainers: [], ephemeralContainers: [] }],
])('%s is no violation', async (_what, spec) => {
  await expect(create(spec)).resolves.toBeDefined();
});

test.each<[string, Containers]>([
  ['a container', { containers: [privileged] }],
  ['the second of two', { containers: [harmless, privileged] }],
  ['an init container', { containers: [harmless], initContainers: [privileged] }],
  ['the second init container', { containers: [harmless], initContainers: [harmless, privileged] }],
  ['a debugging container', { containers: [harmless], ephemeralContainers: [privileged] }],
  ['one beside others', { containers: [harmless], initContainers: [harmless], ephemeralContainers: [privileged] }],
])('%s that is privileged is one', async (_what, spec) => {
  await expect(create(spec)).rejects.toMatchObject({ code: 422, body: expect.stringContaining(MESSAGE) as string });
});
