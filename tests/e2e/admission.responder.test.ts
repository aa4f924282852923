import { CoreV1Api } from '@kubernetes/client-node';

import { ANNOTATIONS, LABELS } from '../../core/names';
import { encodeLabels, ownLabels } from '../../core/response/originalLabels';
import { expectRefusal, isolation, patchPod, resources, restoration, TestPods, WAYS } from './support/admission';
import { mightyResponderConfig, responderConfig } from './support/identities';
import { FIRST_START_MS, startCluster } from './support/stack';

const OWN = { app: 'web', 'app.kubernetes.io/part-of': 'shop', tier: '' };
const SAVED = 'app.kubernetes.io/part-of=shop,app=web,tier=';

const pods = new TestPods();
let responder: CoreV1Api;

beforeAll(async () => {
  responder = responderConfig(await startCluster()).makeApiClient(CoreV1Api);
}, FIRST_START_MS);
afterAll(() => pods.remove());

/** As many labels as a pod may be expected to have, each as long as Kubernetes lets it be. */
const MANY = Object.fromEntries(
  Array.from({ length: 64 }, (_, i) => [
    `${'a'.repeat(60)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(62)}/${String(i).padStart(63, 'k')}`,
    String(i).padStart(63, 'v'),
  ]),
);

describe('the responder isolates a pod and puts it back', () => {
  test.each<[string, Record<string, string>, { detach: boolean }]>([
    ['with its labels taken off', OWN, { detach: true }],
    ['with its labels left on', OWN, { detach: false }],
    ['that has no labels', {}, { detach: true }],
    ['that has 64 labels of the greatest length', MANY, { detach: true }],
    ['that has 64 labels of the greatest length, left on', MANY, { detach: false }],
  ])('%s', async (_what, own, how) => {
    const { name } = await pods.create(own, { note: 'kept' });
    await patchPod(responder, name, isolation(own, how));
    expect(await pods.metadata(name)).toMatchObject({
      labels: { [LABELS.quarantined]: 'true', ...(how.detach ? {} : own) },
      annotations: { note: 'kept', [ANNOTATIONS.originalLabels]: encodeLabels(ownLabels(own)) },
    });
    await patchPod(responder, name, { metadata: { annotations: { [ANNOTATIONS.quarantinedUntil]: 'tomorrow' } } });
    await patchPod(responder, name, restoration(how.detach ? own : {}));
    const { labels = {}, annotations } = await pods.metadata(name);
    expect(labels).toEqual(own);
    expect(annotations).toEqual({ note: 'kept' });
  });

  test('writes what the policy takes for sorted', () => {
    expect(encodeLabels(ownLabels({ ...OWN, [LABELS.quarantined]: 'true' }))).toBe(SAVED);
  });
});

const isolating = (labels: object, saved: string | null) => ({
  metadata: {
    labels: { [LABELS.quarantined]: 'true', ...labels },
    annotations: { [ANNOTATIONS.originalLabels]: saved },
  },
});
const NOT_SAVED = "writes all of the pod's own labels to security/original-labels, sorted";
const ALL_OR_NONE = "take off all of a pod's own labels or none";
const ONLY_THEN = 'own labels only as it sets or removes security/quarantined';

describe('of a pod at large, the responder is refused', () => {
  test.each<[string, object, string]>([
    ['to take a label off', { metadata: { labels: { tier: null } } }, ONLY_THEN],
    ['to add a label', { metadata: { labels: { version: '2' } } }, ONLY_THEN],
    ['to change a label', { metadata: { labels: { app: 'other' } } }, ONLY_THEN],
    ['to take some labels off as it isolates', isolating({ tier: null }, SAVED), ALL_OR_NONE],
    ['to add a label as it isolates', isolating({ version: '2' }, SAVED), ALL_OR_NONE],
    [
      'to exchange the labels as it isolates',
      isolating({ ...isolation(OWN, { detach: true }).metadata.labels, x: '' }, SAVED),
      ALL_OR_NONE,
    ],
    [
      'to take the labels off without saving them',
      { metadata: { labels: isolation(OWN, { detach: true }).metadata.labels } },
      NOT_SAVED,
    ],
    [
      'to take one off without saving it, as it isolates',
      { metadata: { labels: { ...isolating({}, null).metadata.labels, tier: null } } },
      ALL_OR_NONE,
    ],
    ['to save too few', isolating({}, 'app.kubernetes.io/part-of=shop,app=web'), NOT_SAVED],
    ['to save one more', isolating({}, `${SAVED},version=2`), NOT_SAVED],
    ['to save one twice', isolating({}, 'app.kubernetes.io/part-of=shop,app=web,app=web'), NOT_SAVED],
    ['to save another value', isolating({}, SAVED.replace('web', 'other')), NOT_SAVED],
    ['to save them unsorted', isolating({}, 'tier=,app=web,app.kubernetes.io/part-of=shop'), NOT_SAVED],
    ['to save nothing', isolating({}, ''), NOT_SAVED],
    ['to mark it with another value', { metadata: { labels: { [LABELS.quarantined]: 'no' } } }, "is 'true' or absent"],
    [
      'another label under security/',
      { metadata: { labels: { 'security/tier': 'x' } } },
      'change security/quarantined only',
    ],
    [
      'another annotation',
      { metadata: { annotations: { note: 'changed' } } },
      "no annotation of a pod but the quarantine's own",
    ],
    [
      'to remove another annotation',
      { metadata: { annotations: { note: null } } },
      "no annotation of a pod but the quarantine's own",
    ],
    [
      'its own annotations on a pod not isolated',
      { metadata: { annotations: { [ANNOTATIONS.incidentId]: 'x' } } },
      "has none of the quarantine's annotations",
    ],
    ['finalizers', { metadata: { finalizers: ['example.com/keep'] } }, 'owners or finalizers'],
    [
      'owners',
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'x' }] } },
      'owners or finalizers',
    ],
    // One of the few fields of a running pod's spec that Kubernetes itself lets change: it would end the pod.
    ['the spec', { spec: { activeDeadlineSeconds: 1 } }, 'spec or status'],
  ])('%s', async (_what, body, message) => {
    const { name, metadata } = await pods.create(OWN, { note: 'kept' });
    await expectRefusal(patchPod(responder, name, body), message);
    expect((await pods.metadata(name)).resourceVersion).toBe(metadata?.resourceVersion);
  });
});

test('a pod that keeps its labels may be isolated without saving them, and is released with the same', async () => {
  const { name } = await pods.create(OWN, { note: 'kept' });
  await patchPod(responder, name, { metadata: { labels: { [LABELS.quarantined]: 'true' } } });
  const saving = (text: string) =>
    patchPod(responder, name, { metadata: { annotations: { [ANNOTATIONS.originalLabels]: text } } });
  // What was not saved as it was isolated is not made up afterwards: a release would put it back.
  await expectRefusal(saving('app=db'), NOT_SAVED);
  await expectRefusal(patchPod(responder, name, restoration({ app: 'db' })), 'exactly the labels');
  await patchPod(responder, name, restoration(OWN));
  expect(await pods.metadata(name)).toMatchObject({ labels: OWN, annotations: { note: 'kept' } });
});

describe('of an isolated pod, the responder is refused', () => {
  const EXACTLY = 'exactly the labels that security/original-labels lists';
  const STAYS = 'security/original-labels stays as it is';
  const { app: _app, ...withoutApp } = OWN;

  test.each<[string, object, string]>([
    ['to restore fewer labels than it saved', restoration(withoutApp), EXACTLY],
    ['to restore none', restoration({}), EXACTLY],
    ['to restore another value', restoration({ ...OWN, app: 'other' }), EXACTLY],
    ['to restore one more', restoration({ ...OWN, version: '2' }), EXACTLY],
    ['to leave its annotations behind', { metadata: { labels: restoration(OWN).metadata.labels } }, 'has none of'],
    ['to put labels back and keep the mark', { metadata: { labels: OWN } }, ONLY_THEN],
    ['to rewrite what it saved', { metadata: { annotations: { [ANNOTATIONS.originalLabels]: 'app=db' } } }, STAYS],
    ['to forget what it saved', { metadata: { annotations: { [ANNOTATIONS.originalLabels]: null } } }, STAYS],
  ])('%s', async (_what, body, message) => {
    const { name, metadata } = await pods.quarantined(OWN, { detached: true });
    await expectRefusal(patchPod(responder, name, body), message);
    expect((await pods.metadata(name)).resourceVersion).toBe(metadata?.resourceVersion);
  });

  test('to take labels off as it releases', async () => {
    const { name } = await pods.quarantined(OWN, { detached: false });
    await expectRefusal(
      patchPod(responder, name, { metadata: { labels: { ...restoration({}).metadata.labels, app: null } } }),
      EXACTLY,
    );
  });

  // RBAC gives it none of these; the policy would hold if somebody's other binding did.
  test.each<[keyof typeof WAYS, object, string]>([
    ['status', { metadata: { labels: { app: 'web' } } }, ONLY_THEN],
    ['status', { status: { phase: 'Failed' } }, 'spec or status'],
    ['ephemeralcontainers', { spec: { ephemeralContainers: [{ name: 'in', image: 'busybox' }] } }, 'spec or status'],
    ['resize', { spec: { containers: [{ name: 'main', resources: resources('2') }] } }, 'spec or status'],
  ])('with every right that RBAC has, by way of pods/%s', async (way, body, message) => {
    const { name } = await pods.quarantined(OWN, { detached: true });
    await expectRefusal(WAYS[way](mightyResponderConfig().makeApiClient(CoreV1Api), name, body), message);
  });
});
