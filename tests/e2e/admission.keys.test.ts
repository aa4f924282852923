import { CoreV1Api } from '@kubernetes/client-node';

import { ANNOTATIONS, LABELS, NAMESPACES } from '../../core/names';
import { expectRefusal, patchNamespace, patchPod, TestPods, WAYS } from './support/admission';
import {
  breakGlassConfig,
  dismissTenant,
  mightyResponderConfig,
  plainAdministratorConfig,
  tenantConfig,
} from './support/identities';
import { FIRST_START_MS, startCluster } from './support/stack';

const namespace = NAMESPACES.playground;
const OWN = { app: 'web', tier: 'front' };
const NO_LABEL = 'Labels under security/ are written by';
const NO_ANNOTATION = 'Annotations under security/ are written by';
const ISOLATED = 'The labels of a quarantined pod are changed by';

const pods = new TestPods();
let tenant: CoreV1Api;
let administrator: CoreV1Api;

beforeAll(async () => {
  await startCluster();
  tenant = (await tenantConfig(namespace)).makeApiClient(CoreV1Api);
  administrator = plainAdministratorConfig().makeApiClient(CoreV1Api);
}, FIRST_START_MS);
afterAll(async () => {
  await pods.remove();
  await dismissTenant(namespace);
});

const label = (key: string, value: string | null) => ({ metadata: { labels: { [key]: value } } });
const annotation = (key: string, value: string | null) => ({ metadata: { annotations: { [key]: value } } });

describe('a tenant with every right in the namespace', () => {
  test.each<[string, object, string]>([
    ['marks a pod', label(LABELS.quarantined, 'true'), NO_LABEL],
    ['labels a pod under security/', label('security/team', 'x'), NO_LABEL],
    ['annotates a pod under security/', annotation(ANNOTATIONS.originalLabels, 'admin=true'), NO_ANNOTATION],
  ])('never %s, directly or through its status', async (_what, body, message) => {
    const { name, metadata } = await pods.create(OWN);
    await expectRefusal(WAYS.pod(tenant, name, body), message);
    await expectRefusal(WAYS.status(tenant, name, body), message);
    expect((await pods.metadata(name)).resourceVersion).toBe(metadata?.resourceVersion);
  });

  test.each<[string, object, string]>([
    ['removes the mark', label(LABELS.quarantined, null), NO_LABEL],
    ['changes the saved labels', annotation(ANNOTATIONS.originalLabels, 'admin=true'), NO_ANNOTATION],
    ['removes the saved labels', annotation(ANNOTATIONS.originalLabels, null), NO_ANNOTATION],
    ['adds a label', label('app', 'web'), ISOLATED],
    ['removes a label', label('tier', null), ISOLATED],
    ['changes a label', label('tier', 'back'), ISOLATED],
  ])('never %s of an isolated pod, directly or through its status', async (_what, body, message) => {
    const { name, metadata } = await pods.quarantined({ tier: 'front' }, { detached: false });
    await expectRefusal(WAYS.pod(tenant, name, body), message);
    await expectRefusal(WAYS.status(tenant, name, body), message);
    expect((await pods.metadata(name)).resourceVersion).toBe(metadata?.resourceVersion);
  });

  test.each(['ephemeralcontainers', 'resize'] as const)('frees no pod through pods/%s', async (way) => {
    const { name } = await pods.quarantined(OWN, { detached: false });
    const before = await pods.metadata(name);
    // Kubernetes itself drops metadata here today, with 200. Should it once take it, the policy refuses.
    await WAYS[way](tenant, name, label(LABELS.quarantined, null)).catch(() => undefined);
    expect((await pods.metadata(name)).labels).toEqual(before.labels);
  });

  test('creates no pod that has such keys, and binds none with them', async () => {
    const create = (metadata: object) =>
      tenant.createNamespacedPod({
        namespace,
        body: { metadata: { generateName: 'e2e-', ...metadata }, spec: { containers: [{ name: 'main', image: 'x' }] } },
      });
    await expectRefusal(create(label(LABELS.quarantined, 'true').metadata), NO_LABEL);
    await expectRefusal(create(annotation(ANNOTATIONS.incidentId, 'x').metadata), NO_ANNOTATION);
    const { name } = await pods.create(OWN);
    const binding = (metadata: object) => ({
      namespace,
      body: { metadata: { name, ...metadata }, target: { apiVersion: 'v1', kind: 'Node', name: 'none' } },
    });
    const { metadata } = annotation(ANNOTATIONS.originalLabels, 'admin=true');
    await expectRefusal(tenant.createNamespacedPodBinding({ name, ...binding(metadata) }), NO_ANNOTATION);
    await expectRefusal(tenant.createNamespacedBinding(binding(metadata)), NO_ANNOTATION);
    expect((await pods.metadata(name)).annotations ?? {}).toEqual({});
    await tenant.createNamespacedPodBinding({ name, ...binding({}) });
  });

  test('labels and annotates its pods, and annotates and deletes an isolated one, as ever', async () => {
    const [free, isolated] = [await pods.create(OWN), await pods.quarantined(OWN, { detached: true })];
    await patchPod(tenant, free.name, { metadata: { labels: { app: 'other' }, annotations: { note: 'x' } } });
    await patchPod(tenant, isolated.name, annotation('note', 'x'));
    expect((await pods.metadata(free.name)).labels).toMatchObject({ app: 'other' });
    expect((await pods.metadata(isolated.name)).annotations).toMatchObject({ note: 'x' });
    await tenant.deleteNamespacedPod({ name: isolated.name, namespace, dryRun: 'All' });
  });
});

describe('an administrator', () => {
  test('is refused without the break-glass group', async () => {
    const { name } = await pods.quarantined(OWN, { detached: true });
    await expectRefusal(patchPod(administrator, name, label(LABELS.quarantined, null)), NO_LABEL);
    await expectRefusal(patchPod(administrator, name, label('app', 'web')), ISOLATED);
    await expectRefusal(patchPod(administrator, name, annotation(ANNOTATIONS.originalLabels, '')), NO_ANNOTATION);
  });

  test('frees a pod with it, by rights that are bound to a name', async () => {
    const { name } = await pods.quarantined(OWN, { detached: true });
    const core = breakGlassConfig().makeApiClient(CoreV1Api);
    await patchPod(core, name, {
      metadata: {
        labels: { [LABELS.quarantined]: null, app: 'web' },
        annotations: { [ANNOTATIONS.originalLabels]: null },
      },
    });
    expect(await pods.metadata(name)).toMatchObject({
      labels: { app: 'web' },
      annotations: { [ANNOTATIONS.incidentId]: 'falco-1' },
    });
  });

  test('has no rights from the group alone', async () => {
    const { name } = await pods.quarantined(OWN, { detached: true });
    const core = breakGlassConfig('nobody@example.com').makeApiClient(CoreV1Api);
    await expectRefusal(patchPod(core, name, label(LABELS.quarantined, null)), 'cannot patch resource \\"pods\\"');
  });
});

describe("a namespace's mode", () => {
  const observe = label(LABELS.response, 'observe');

  test('is changed by neither its tenant, whichever way, nor the responder, nor an administrator', async () => {
    const before = await administrator.readNamespace({ name: namespace });
    const body = structuredClone(before);
    Object.assign(body.metadata?.labels ?? {}, observe.metadata.labels);
    await expectRefusal(patchNamespace(tenant, namespace, observe), NO_LABEL);
    await expectRefusal(tenant.replaceNamespaceStatus({ name: namespace, body }), NO_LABEL);
    await expectRefusal(tenant.replaceNamespaceFinalize({ name: namespace, body }), NO_LABEL);
    await expectRefusal(patchNamespace(tenant, namespace, annotation('security/response', 'x')), NO_ANNOTATION);
    await expectRefusal(patchNamespace(tenant, namespace, label(LABELS.response, null)), NO_LABEL);
    const responder = mightyResponderConfig().makeApiClient(CoreV1Api);
    await expectRefusal(patchNamespace(responder, namespace, observe), NO_LABEL);
    await expectRefusal(patchNamespace(administrator, namespace, observe), NO_LABEL);
    expect((await administrator.readNamespace({ name: namespace })).metadata?.labels).toEqual(before.metadata?.labels);
  });

  test('is not set as somebody creates it', async () => {
    const body = { metadata: { name: 'e2e-opted-in', labels: { [LABELS.response]: 'autonomous' } } };
    await expectRefusal(administrator.createNamespace({ body, dryRun: 'All' }), NO_LABEL);
  });

  test('is changed and set with the break-glass group; other labels by users with the right to', async () => {
    await patchNamespace(tenant, namespace, label('e2e', 'x'));
    await patchNamespace(tenant, namespace, label('e2e', null));
    const core = breakGlassConfig().makeApiClient(CoreV1Api);
    try {
      await patchNamespace(core, namespace, observe);
      expect((await core.readNamespace({ name: namespace })).metadata?.labels).toMatchObject(observe.metadata.labels);
    } finally {
      await patchNamespace(core, namespace, label(LABELS.response, 'autonomous'));
    }
  });
});
