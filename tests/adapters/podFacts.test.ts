import { randomUUID } from 'node:crypto';

import { connect, type KubernetesClient } from '../../adapters/kubernetes/api/client';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { readContext } from '../../adapters/kubernetes/state/readContext';
import { RIGHTS_ASKED } from '../../core/facts/rights';
import { incidentName } from '../../core/folding/key';
import type { Alert } from '../../core/incident/alert';
import { playbook } from '../../core/policy/playbook';
import { alertOf } from '../support/alerts';
import { type RunningServer, serve } from '../support/httpServer';
import { factPod } from '../support/pods';

const NOW = new Date('2026-11-21T10:16:00.000Z');
const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
const contact = alertOf('pod-quarantine-test');
const target = contact.target ?? { namespace: '', pod: '', podUid: null, container: null, image: null };
const DEPLOYMENT = { kind: 'Deployment', namespace: target.namespace, name: 'web' };

interface Review {
  spec: { user: string; groups: string[]; resourceAttributes: Record<string, string> };
}

let server: RunningServer;
let client: KubernetesClient;
let reviews: Review[];
let created: { spec?: object };
/** How the API server answers a SubjectAccessReview: with a status, a code, or null for never. */
let answer: (review: Review) => object | number | null;

beforeEach(async () => {
  [reviews, created] = [[], {}];
  answer = () => ({ allowed: false });
  server = await serve((request, response, text) => {
    const { pathname } = new URL(request.url ?? '', 'http://server');
    const found = answerTo(pathname, text === '' ? undefined : JSON.parse(text));
    if (found === null) return;
    const [code, content] = typeof found === 'number' ? [found, { kind: 'Status', message: 'no' }] : [200, found];
    response.writeHead(code, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(content));
  });
  client = await connect(
    { server: server.url, certificate: { text: '' }, token: { text: randomUUID() } },
    { watch: false },
  );
});
afterEach(() => server.close());

function answerTo(path: string, body: unknown): object | number | null {
  if (path === REVIEWS) {
    const review = body as Review;
    reviews.push(review);
    const said = answer(review);
    return said === null || typeof said === 'number' ? said : { ...review, status: said };
  }
  if (path.endsWith('/incidents')) {
    created = body as { spec?: object };
    return { ...created, metadata: { ...(created as { metadata: object }).metadata, resourceVersion: '1' } };
  }
  const { spec, status } = factPod();
  if (path.endsWith(`/pods/${target.pod}`))
    return {
      metadata: {
        name: target.pod,
        namespace: target.namespace,
        uid: target.podUid,
        creationTimestamp: '2026-11-21T09:00:00Z',
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }],
      },
      spec,
      status,
    };
  if (path.endsWith('/replicasets/web-1'))
    return { metadata: { ownerReferences: [{ ...DEPLOYMENT, uid: 'u', controller: true }] }, spec: { replicas: 2 } };
  if (path.endsWith(`/namespaces/${target.namespace}`)) return { metadata: { name: target.namespace, labels: {} } };
  if (path.endsWith('/quarantines') || path.endsWith('/events'))
    return { metadata: { resourceVersion: '7' }, items: [] };
  return 404;
}

async function factsIn(alert: Alert = contact) {
  const context = await readContext(client, target, alert.id, NOW, alert);
  if (context.status !== 'found') throw new Error(context.detail);
  return { context, facts: context.facts };
}

test("Get Context asks what the pod's ServiceAccount may do, in its name and groups, once a minute", async () => {
  answer = ({ spec: { resourceAttributes } }) => ({ allowed: resourceAttributes.resource === 'leases' });
  const { facts, context } = await factsIn();
  expect(facts?.serviceAccount).toMatchObject({ name: 'web', tokenMounted: true, rights: 'own' });
  const operator = { ...contact, fields: { ...contact.fields, 'proc.name': 'operator' } };
  expect(playbook(operator, context).decision).toBe('ignore');
  expect(reviews).toHaveLength(RIGHTS_ASKED.length);
  for (const { spec } of reviews) {
    expect(spec.user).toBe(`system:serviceaccount:${target.namespace}:web`);
    expect(spec.groups).toEqual([
      'system:serviceaccounts',
      `system:serviceaccounts:${target.namespace}`,
      'system:authenticated',
    ]);
  }
  expect(reviews.map(({ spec }) => spec.resourceAttributes)).toContainEqual({
    namespace: target.namespace,
    verb: 'get',
    group: 'coordination.k8s.io',
    resource: 'leases',
  });
  expect(reviews.map(({ spec }) => spec.resourceAttributes)).toContainEqual({
    verb: 'create',
    group: '',
    resource: 'pods',
    subresource: 'exec',
  });
  await factsIn();
  expect(reviews).toHaveLength(RIGHTS_ASKED.length);
});

test('a ServiceAccount without rights has none, and the pod is isolated', async () => {
  const { facts, context } = await factsIn();
  expect(facts?.serviceAccount.rights).toBe('none');
  expect(playbook(contact, context).decision).toBe('quarantine_pod');
});

test.each<[string, (review: Review) => object | number | null]>([
  ['refuses the question', () => 403],
  ['fails', () => 500],
  ['could not find out', () => ({ allowed: false, evaluationError: 'webhook failed' })],
  ['does not answer in time', () => null],
])('an API server that %s leaves the rights unknown, named, and everything else as it is', async (_what, given) => {
  answer = given;
  const { facts, context } = await factsIn();
  expect(facts?.serviceAccount.rights).toBe('unknown');
  expect(facts?.missing).toContain("what the pod's ServiceAccount may do");
  expect(context.workload?.top).toMatchObject({ kind: 'Deployment', name: 'web' });
  expect(playbook(contact, context).decision).toBe('escalate');
});

test.each<[string, Partial<Alert>]>([
  ['a rule that does not depend on it', { rule: 'Terminal shell in container' }],
  ['a report', { trust: 'report' }],
])('nothing is asked for %s', async (_what, change) => {
  const { facts } = await factsIn({ ...contact, ...change });
  expect(facts?.container).toMatchObject({ kind: 'container', name: 'shell', restarts: 2 });
  expect(reviews).toEqual([]);
});

test('what is read before an action has the facts that need no call', async () => {
  const context = await clusterOf(client).loadPodState(target, contact.id, NOW, 'now', contact);
  expect(context).toMatchObject({
    status: 'found',
    facts: { owner: 'ReplicaSet', serviceAccount: { rights: 'unknown' } },
  });
  expect(reviews).toEqual([]);
});

test("what people judged of the workload's incident of the rule is the history", async () => {
  const judged = (approval: string, at: string) => ({ approval, at, classification: 'false_positive' as const });
  const status = {
    state: 'Open' as const,
    reason: 'being analysed',
    incident: contact.id,
    opening: 4,
    priority: contact.priority,
    firstSeen: NOW.toISOString(),
    lastSeen: NOW.toISOString(),
    count: 1,
    counted: 1,
    passed: 1,
    passes: [],
    pods: [],
    samples: [],
    judged: [
      judged('a', '2026-11-01T10:00:00.000Z'),
      judged('b', '2026-11-19T10:00:00.000Z'),
      judged('c', '2026-11-20T10:00:00.000Z'),
    ],
  };
  const spec = { source: contact.source, rule: contact.rule, subject: DEPLOYMENT, opened: status };
  await kubernetesIncidents(client).create(incidentName(contact, DEPLOYMENT), spec);
  const { facts, context } = await factsIn();
  expect(facts?.history).toEqual({ incidents: 3, workloads: 1, falsePositives: 2, truePositives: 0 });
  expect(playbook(contact, context)).toMatchObject({
    decision: 'escalate',
    reason: expect.stringContaining('People judged it to be no attack') as string,
  });
});
