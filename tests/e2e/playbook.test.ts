import { type Cluster, connect, findPod, freshPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { ANNOTATIONS, LABELS, NAMESPACES, QUARANTINE_POLICY } from '../../core/names';
import { isQuarantinePolicy } from '../../core/response/quarantine';
import { accepted, alertAbout, anotherUid, events, grownTo, logged, query, send } from './support/incident';
import { forgetIncidents } from './support/incidents';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let cluster: Cluster;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
}, FIRST_START_MS);

const decisions = (decision: string) => `sum(incident_pipeline_decision_total{decision="${decision}"})`;
const responded = 'sum(incident_pipeline_respond_seconds_count)';

describe("without a model, from the alert's POST to pod, Prometheus and Loki", () => {
  test('a reverse shell ends in the deletion of exactly that pod', async () => {
    const [before, actions] = [await query(stack, decisions('delete_pod')), await query(stack, responded)];
    const { incident, uid } = await send(stack, cluster, 'pod-delete-test');
    const line = await logged(stack, incident);
    expect(line).toMatchObject({
      decision: 'delete_pod',
      classification: 'true_positive',
      decidedBy: 'playbook',
      response: { action: 'delete_pod', outcome: 'done', target: { uid } },
    });
    expect((await findPod(cluster, 'pod-delete-test'))?.metadata?.uid).not.toBe(uid);
    await grownTo(stack, decisions('delete_pod'), before + 1);
    await grownTo(stack, responded, actions + 1);
    expect(await query(stack, 'incident_pipeline_mttr_seconds')).toBeGreaterThan(0);
  });

  test('a contact with the API server ends in quarantine, which a second alert leaves as it is', async () => {
    const before = await query(stack, decisions('quarantine_pod'));
    const { incident, uid } = await send(stack, cluster, 'pod-quarantine-test');
    expect(await logged(stack, incident)).toMatchObject({
      decision: 'quarantine_pod',
      response: { action: 'quarantine_pod', outcome: 'done' },
    });
    const pod = await findPod(cluster, 'pod-quarantine-test');
    expect(pod?.metadata).toMatchObject({
      uid,
      labels: { [LABELS.quarantined]: 'true', app: 'pod-quarantine-test' },
      annotations: { [ANNOTATIONS.incidentId]: incident },
    });
    await grownTo(stack, decisions('quarantine_pod'), before + 1);

    const second = await accepted(stack, await alertAbout('pod-quarantine-test', uid));
    expect(await logged(stack, second)).toMatchObject({ response: { outcome: 'unchanged', changed: [] } });
    expect((await findPod(cluster, 'pod-quarantine-test'))?.metadata?.resourceVersion).toBe(
      pod?.metadata?.resourceVersion,
    );
  });

  test('the quarantine NetworkPolicy denies all traffic', async () => {
    const policies = await cluster.objects.list<{
      apiVersion: string;
      kind: string;
      metadata?: { name?: string };
      spec?: object;
    }>('networking.k8s.io/v1', 'NetworkPolicy', NAMESPACES.playground);
    const policy = policies.items.find(({ metadata }) => metadata?.name === QUARANTINE_POLICY);
    expect(isQuarantinePolicy(policy?.spec)).toBe(true);
  });

  test('a terminal shell is ignored, recorded, and does not touch MTTR', async () => {
    const [before, actions] = [await query(stack, decisions('ignore')), await query(stack, responded)];
    const { incident, uid } = await send(stack, cluster, 'test-shell');
    expect(await logged(stack, incident)).toMatchObject({
      decision: 'ignore',
      classification: 'false_positive',
      response: null,
    });
    await grownTo(stack, decisions('ignore'), before + 1);
    expect(await query(stack, responded)).toBe(actions);
    expect((await findPod(cluster, 'test-shell'))?.metadata).toMatchObject({ uid, labels: { app: 'test-shell' } });
  });

  test('what the playbook leaves to a person leaves a Kubernetes Event on the pod', async () => {
    const before = await query(stack, decisions('escalate'));
    const { incident } = await send(stack, cluster, 'escalate-test');
    expect(await logged(stack, incident)).toMatchObject({
      decision: 'escalate',
      classification: 'needs_review',
      escalation: { event: { namespace: NAMESPACES.playground } },
    });
    await grownTo(stack, decisions('escalate'), before + 1);
    expect(await events(cluster, NAMESPACES.playground, incident)).toMatchObject([
      { reason: 'IncidentEscalated', involvedObject: { kind: 'Pod', name: 'escalate-test' } },
    ]);
  });
});

describe('what must not be acted on is escalated, and nothing is changed', () => {
  test("a pod with the alert's name but another uid", async () => {
    const pod = await freshPod(cluster, 'pod-delete-test');
    const incident = await accepted(stack, await alertAbout('pod-delete-test', anotherUid()));
    expect(await logged(stack, incident)).toMatchObject({ decision: 'escalate', context: { status: 'replaced' } });
    expect((await findPod(cluster, 'pod-delete-test'))?.metadata).toMatchObject({
      uid: pod.metadata?.uid,
      resourceVersion: pod.metadata?.resourceVersion,
    });
  });

  test('an alert without a uid never deletes; it isolates a pod that is older than the alert', async () => {
    const pod = await freshPod(cluster, 'pod-delete-test');
    // Kubernetes counts creation times in whole seconds; the alert has to be of a later one to be known as later.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const incident = await accepted(stack, await alertAbout('pod-delete-test', ''));
    expect(await logged(stack, incident)).toMatchObject({ decision: 'quarantine_pod', response: { outcome: 'done' } });
    expect((await findPod(cluster, 'pod-delete-test'))?.metadata).toMatchObject({
      uid: pod.metadata?.uid,
      labels: { [LABELS.quarantined]: 'true' },
    });
  });

  test.each([
    ['an unknown namespace', 'nowhere', 'unavailable'],
    ['an infrastructure namespace', 'kube-system', 'unavailable'],
  ])('%s: the Event is on the responder', async (_what, namespace, status) => {
    const body = await alertAbout(
      'pod-delete-test',
      anotherUid(),
      (alert) => (alert.output_fields['k8s.ns.name'] = namespace),
    );
    const incident = await accepted(stack, body);
    expect(await logged(stack, incident)).toMatchObject({
      decision: 'escalate',
      context: { status },
      escalation: { event: { namespace: NAMESPACES.responder } },
    });
    expect(await events(cluster, NAMESPACES.responder, incident)).toHaveLength(1);
  });

  test.each<[string, (body: string) => string]>([
    ['an unknown priority', (body) => body.replace('"priority":"Warning"', '"priority":"Apocalyptic"')],
    [
      "control characters in the pod's name",
      (body) => body.replace('"k8s.pod.name":"pod-delete-test"', '"k8s.pod.name":"pod\\u0007\\n"'),
    ],
    ['output_fields null', (body) => JSON.stringify({ ...(JSON.parse(body) as object), output_fields: null })],
  ])('%s', async (_what, spoil) => {
    const pod = await freshPod(cluster, 'pod-delete-test');
    const incident = await accepted(stack, spoil(await alertAbout('pod-delete-test', pod.metadata?.uid ?? '')));
    expect(await logged(stack, incident)).toMatchObject({ decision: 'escalate', response: null });
    expect((await findPod(cluster, 'pod-delete-test'))?.metadata?.resourceVersion).toBe(pod.metadata?.resourceVersion);
  });
});

test("swapping two pods' names changes neither decision", async () => {
  // An earlier attack on a pod of the same name would make the answer to the terminal stronger.
  await forgetIncidents();
  const named = (pod: string) => (alert: { output_fields: Record<string, unknown> }) =>
    (alert.output_fields['k8s.pod.name'] = pod);
  const [shell, quarantine] = [await freshPod(cluster, 'test-shell'), await freshPod(cluster, 'pod-quarantine-test')];
  const first = await accepted(
    stack,
    await alertAbout('pod-quarantine-test', shell.metadata?.uid ?? '', named('test-shell')),
  );
  const second = await accepted(
    stack,
    await alertAbout('test-shell', quarantine.metadata?.uid ?? '', named('pod-quarantine-test')),
  );
  expect(await logged(stack, first)).toMatchObject({ decision: 'quarantine_pod', pod: 'test-shell' });
  expect(await logged(stack, second)).toMatchObject({ decision: 'ignore', pod: 'pod-quarantine-test' });
  await forgetIncidents();
});
