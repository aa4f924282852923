import { type Cluster, connect, findPod } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { DECISIONS } from '../../core/incident/decision';
import { LABELS } from '../../core/names';
import { deciding, raceAnswer, ROSES_ANSWER, type Script, type ScriptedModel } from '../support/scriptedModel';
import { changesBetween, mark } from './support/auditLog';
import { events, grownTo, logged, query, send } from './support/incident';
import { setPolicy } from './support/policy';
import { startModel, startStackWith } from './support/scriptedStack';
import { FIRST_START_MS } from './support/stack';

let stack: Stack;
let cluster: Cluster;
let model: ScriptedModel;
/** In the audit log. */
let beginning: string;

beforeAll(async () => {
  model = await startModel(deciding('escalate'));
  stack = await startStackWith(model);
  cluster = connect();
  beginning = await mark(cluster);
}, FIRST_START_MS);
afterAll(() => model.close());

type Decided = (typeof DECISIONS)[number];

/** Of alerts for which the playbook does the same, without which a model's decision does not stand; it may always ask a person. */
const PODS: Record<Decided, string> = {
  delete_pod: 'pod-delete-test',
  quarantine_pod: 'pod-quarantine-test',
  ignore: 'test-shell',
  escalate: 'test-shell',
};

/** What each decision leaves of the pod that the alert is about. */
const TRACE: Record<Decided, (uid: string, pod: string) => Promise<void>> = {
  delete_pod: async (uid, pod) => {
    expect((await findPod(cluster, pod))?.metadata?.uid).not.toBe(uid);
  },
  quarantine_pod: async (uid, pod) => {
    expect((await findPod(cluster, pod))?.metadata).toMatchObject({
      uid,
      labels: { [LABELS.quarantined]: 'true' },
    });
  },
  ignore: untouched,
  escalate: untouched,
};

async function untouched(uid: string, pod: string): Promise<void> {
  const { metadata } = (await findPod(cluster, pod)) ?? {};
  expect(metadata?.uid).toBe(uid);
  expect(metadata?.labels).toEqual({ app: pod });
}

test.each(DECISIONS)(
  "the model's %s is followed from the POST to the cluster, Prometheus and Loki",
  async (decision) => {
    model.follow(deciding(decision));
    const counter = `sum(incident_pipeline_decision_total{decision="${decision}"})`;
    const before = await query(stack, counter);
    const pod = PODS[decision];
    const { incident, uid } = await send(stack, cluster, pod);
    expect(await logged(stack, incident)).toMatchObject({
      decision,
      decidedBy: 'model',
      guardrails: [],
      run: { model: 'scripted-1', promptVersion: 'race/2', tokens: { input: 100, output: 20 } },
      analysis: { run: { by: 'model', promptVersion: 'roses/2' } },
    });
    await TRACE[decision](uid, pod);
    await grownTo(stack, counter, before + 1);
    if (decision === 'escalate') expect(await events(cluster, 'playground', incident)).toHaveLength(1);
  },
);

describe("the model's word, where the playbook would ask a person,", () => {
  afterEach(() => setPolicy(cluster, { deleteOnModel: null, quarantineOnModel: null }));

  const sent = async (decision: Decided) => {
    model.follow(deciding(decision));
    const { incident, uid } = await send(stack, cluster, 'escalate-test');
    return { uid, line: await logged(stack, incident) };
  };

  test('goes to that person', async () => {
    const { uid, line } = await sent('delete_pod');
    expect(line).toMatchObject({
      decision: 'escalate',
      decidedBy: 'model',
      proposal: { decision: 'delete_pod' },
      guardrails: [
        { guardrail: 'delete_on_model', from: 'delete_pod', to: 'quarantine_pod' },
        { guardrail: 'quarantine_on_model', from: 'quarantine_pod', to: 'escalate' },
      ],
    });
    await untouched(uid, 'escalate-test');
  });

  test('isolates, if the ResponsePolicy lets it', async () => {
    await setPolicy(cluster, { quarantineOnModel: true });
    const { uid, line } = await sent('delete_pod');
    expect(line).toMatchObject({
      decision: 'quarantine_pod',
      decidedBy: 'model',
      guardrails: [{ guardrail: 'delete_on_model', from: 'delete_pod', to: 'quarantine_pod' }],
      response: { action: 'quarantine_pod', outcome: 'done' },
    });
    await TRACE.quarantine_pod(uid, 'escalate-test');
  });

  test('deletes, if the ResponsePolicy lets it', async () => {
    await setPolicy(cluster, { deleteOnModel: true });
    const { uid, line } = await sent('delete_pod');
    expect(line).toMatchObject({
      decision: 'delete_pod',
      guardrails: [],
      response: { action: 'delete_pod', outcome: 'done' },
    });
    await TRACE.delete_pod(uid, 'escalate-test');
  });
});

test('a model that reasons before it answers is taken at its answer', async () => {
  const draft = raceAnswer('ignore', { classification: 'false_positive' });
  model.follow(({ agent }) =>
    agent === 'roses'
      ? `<think>${ROSES_ANSWER.slice(0, 40)}…</think>${ROSES_ANSWER}`
      : `${draft}? No.</think>${raceAnswer('escalate')}`,
  );
  const { incident, uid } = await send(stack, cluster, 'test-shell');
  expect(await logged(stack, incident)).toMatchObject({
    decision: 'escalate',
    decidedBy: 'model',
    run: { questions: 1 },
    analysis: { run: { by: 'model', questions: 1 } },
  });
  await untouched(uid, 'test-shell');
});

const wants =
  (answer: string | number | null): Script =>
  ({ agent }) =>
    agent === 'roses' ? ROSES_ANSWER : answer;

test.each<[string, string | number]>([
  ['prose', 'Delete the pod kube-apiserver at once.'],
  ["another pod's name", raceAnswer('delete_pod', { pod: 'escalate-test', namespace: 'playground' })],
  ['an unknown decision', raceAnswer('drain_node')],
  ['two answers', raceAnswer('delete_pod') + raceAnswer('quarantine_pod')],
  ['a key twice', raceAnswer('ignore').replace('{', '{"decision":"delete_pod",')],
  ['5,000 objects in one another', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ['ten megabytes', `${raceAnswer('delete_pod')}${' '.repeat(10_000_000)}`],
  ['an error', 500],
])('a model that answers with %s leaves it to the playbook', async (_what, answer) => {
  model.follow(wants(answer));
  const { incident, uid } = await send(stack, cluster, 'test-shell');
  expect(await logged(stack, incident)).toMatchObject({
    decision: 'ignore',
    decidedBy: 'playbook',
    run: { by: 'playbook' },
  });
  await untouched(uid, 'test-shell');
});

test('a model that does not answer at all leaves it to the playbook after the time-out', async () => {
  model.follow(() => null);
  const { incident, uid } = await send(stack, cluster, 'test-shell');
  // Two agents, two questions each, 30 s a question.
  const line = await (async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await logged(stack, incident);
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  })();
  expect(line).toMatchObject({
    decision: 'ignore',
    decidedBy: 'playbook',
    run: { fallbackReason: expect.stringContaining('did not answer') as string },
  });
  await untouched(uid, 'test-shell');
}, 200_000);

test.each([
  ['a warning', 'escalate-test', 'ignore_floor'],
  ['what the playbook would isolate', 'pod-quarantine-test', 'playbook_floor'],
])('a model may not ignore %s, whatever it claims', async (_what, alert, guardrail) => {
  model.follow(wants(raceAnswer('ignore', { confidence: 1, classification: 'false_positive' })));
  const { incident, uid } = await send(stack, cluster, alert);
  expect(await logged(stack, incident)).toMatchObject({
    decision: 'escalate',
    classification: 'needs_review',
    guardrails: expect.arrayContaining([
      expect.objectContaining({ guardrail, from: 'ignore', to: 'escalate' }),
    ]) as unknown,
  });
  await untouched(uid, alert);
  expect(await events(cluster, 'playground', incident)).toHaveLength(1);
});

test("in the API server's own audit log, the responder changed nothing but playground pods, their policy, Events and its own records", async () => {
  const changes = changesBetween(stack, beginning, await mark(cluster))
    .filter(({ code }) => code < 300)
    .map(({ verb, resource, namespace }) => `${verb} ${resource} in ${namespace}`);
  expect(changes.length).toBeGreaterThan(0);
  const permitted = [
    'patch pods in playground',
    'delete pods in playground',
    'create networkpolicies in playground',
    'create events in playground',
    'create events in n8n',
    'create selfsubjectreviews in ',
    'create subjectaccessreviews in ',
    'update responsepolicies/status in n8n',
    'create quarantines in n8n',
    'update quarantines in n8n',
    'update quarantines/status in n8n',
    'create approvals in n8n',
    'update approvals/status in n8n',
    'create incidents in n8n',
    'update incidents/status in n8n',
    // PagerDuty to Neo stays published after a test of it, and reviews that test's tasks each minute.
    'update neotasks/status in n8n',
  ];
  expect([...new Set(changes)].filter((change) => !permitted.includes(change))).toEqual([]);
});
