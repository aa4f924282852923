import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PAGE_LINES, readPage } from '../../adapters/loki/read';
import { type OutputSettings, readOutput } from '../../app/falcoOutput/readOutput';
import { PORTION } from '../../app/incidents/room';
import { loadAlert } from '../../cluster/local/alerts/alertFiles';
import { type Cluster, connect, freshPod } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { podState } from '../../cluster/local/scenarios/follow';
import type { Stack } from '../../cluster/local/stack';
import { freePort } from '../support/freePort';
import { type RunningServer, serve } from '../support/httpServer';
import { alertAbout, logged, post, send } from './support/incident';
import { settleIncidents } from './support/incidents';
import { type RunningLoki, startLoki } from './support/loki';
import { N8n } from './support/n8n';
import { reconciling } from './support/reconcile';
import { runByHand } from './support/runByHand';
import { FIRST_START_MS, startStack } from './support/stack';

const PREFIX = 'e2e reconcile ';

/** Nanoseconds, as Loki has times. */
const nano = (at: Date, more = 0) => String(BigInt(at.getTime()) * 1_000_000n + BigInt(more));
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

interface Line {
  time: string;
  rule: string;
  priority: string;
  metadata: Record<string, string>;
}

/** Pushes lines as Alloy does by manifests/monitoring/alloy.yaml: the rule, and what it is about as structured metadata. */
async function push(url: string, job: string, lines: readonly Line[]): Promise<void> {
  const streams = lines.map(({ time, rule, priority, metadata }) => ({
    stream: { job, priority },
    values: [[time, rule, { rule, source: 'syscall', hostname: 'node-1', ...metadata }]],
  }));
  const answer = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams }),
  });
  if (!answer.ok) throw new Error(`Loki answered ${answer.status}: ${await answer.text()}`);
}

describe('a real Loki', () => {
  const SETTINGS: OutputSettings = { lookBackHours: 1, graceSeconds: 0, minimumPriority: 'debug' };
  let folder: string;
  let loki: RunningLoki | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reconcile-'));
  });
  afterEach(async () => {
    await loki?.kill();
    await rm(folder, { recursive: true });
  });

  const start = async (...flags: string[]) => (loki = await startLoki(await freePort(), join(folder, 'data'), flags));
  const pageOf =
    ({ url }: RunningLoki, selector = '{job="falco"}') =>
    (from: bigint, to: bigint) =>
      readPage({ url, tenant: '', username: '', password: '' }, { selector, from, to });
  const all = (running: RunningLoki, now = new Date()) => readOutput(pageOf(running), null, SETTINGS, now);

  test(
    'gives every event of many pages once, the oldest first, whatever the order in which they came',
    async () => {
      const running = await start();
      const number = 2 * PAGE_LINES.most + 300;
      const from = secondsAgo(3000);
      const lines = Array.from({ length: number }, (_, index) => ({
        // A few of one time, also where a page ends.
        time: nano(from, Math.floor(index / 7) * 1_000_000),
        rule: 'A rule',
        priority: index % 2 === 0 ? 'Notice' : 'Warning',
        metadata: { namespace: 'shop', pod: `pod-${index % 400}` },
      }));
      await push(running.url, 'falco', lines.toReversed());
      const seen = new Set<unknown>();
      await until('all lines', 30, async () => {
        const reading = await all(running);
        for (const { falco } of reading.events) seen.add(`${falco.output_fields['k8s.pod.name']} ${falco.priority}`);
        const positions = reading.events.map(({ position }) => position);
        expect(positions).toEqual(positions.toSorted());
        return seen.size === 400 && reading.lines >= number ? true : undefined;
      });
    },
    FIRST_START_MS,
  );

  test(
    'that limits what a query may read, or does not read the selector, is told apart',
    async () => {
      const running = await start('-validation.max-entries-limit=100', '-store.max-query-length=1h');
      await expect(all(running)).rejects.toMatchObject({
        nextStep: expect.stringContaining('max_entries_limit_per_query') as string,
      });
      const selector = '{job=falco}';
      await expect(readOutput(pageOf(running, selector), null, SETTINGS, new Date())).rejects.toMatchObject({
        nextStep: expect.stringContaining('Selector') as string,
      });
    },
    FIRST_START_MS,
  );

  test(
    'that answers no query of a day is told apart',
    async () => {
      const running = await start('-store.max-query-length=1h');
      await expect(
        readOutput(pageOf(running), null, { ...SETTINGS, lookBackHours: 24 }, new Date()),
      ).rejects.toMatchObject({ nextStep: expect.stringContaining('max_query_length') as string });
    },
    FIRST_START_MS,
  );
});

describe('the workflow Reconcile', () => {
  let stack: Stack;
  let cluster: Cluster;
  let n8n: N8n;

  beforeAll(async () => {
    stack = await startStack();
    cluster = connect();
    n8n = await N8n.connect(stack);
    await n8n.deleteWorkflows(PREFIX);
  }, FIRST_START_MS);
  afterAll(async () => {
    await n8n.deleteWorkflows(PREFIX);
    await n8n.deleteCredentials();
  });

  const reconcile = (job: string, change: { credential?: string; isByHand?: boolean } = {}) =>
    reconciling(n8n, `${PREFIX}${job}`, { job, graceSeconds: 1, ...change });

  /** What Falco's line says of one of the recorded alerts. */
  async function lineOf(name: string, uid: string, at: Date): Promise<Line> {
    const { rule, priority } = (await loadAlert(name)) as unknown as { rule: string; priority: string };
    return { time: nano(at), rule, priority, metadata: { namespace: 'playground', pod: name, pod_uid: uid } };
  }

  interface Decision {
    incident: string;
    decision: string;
    decidedAt: string;
    late?: { why: string; tries: number };
    guardrails?: { name: string }[];
    alert: { rule: string; target: { podUid: string } | null; fields: Record<string, unknown> };
  }

  /** When a test began: pods and incidents stay, and so do the decisions of before. */
  let began: Date;
  beforeEach(async () => {
    await settleIncidents(stack);
    began = new Date();
  });

  /** The decisions of a test, as Loki has them. */
  async function decisions(): Promise<Decision[]> {
    const query = new URLSearchParams({
      query: '{job="incident-pipeline"} | event="incident"',
      start: nano(began),
      limit: '1000',
    });
    const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${query.toString()}`);
    const { data } = (await answer.json()) as { data: { result: { values: [string, string][] }[] } };
    return data.result
      .flatMap(({ values }) => values.map(([, line]) => JSON.parse(line) as Decision))
      .filter(({ decidedAt }) => decidedAt >= began.toISOString());
  }

  const about = async (uid: string) => (await decisions()).filter(({ alert }) => alert.target?.podUid === uid);

  /** Waits until a workflow has read on, so often: n8n keeps no executions of it that succeed. */
  async function runs(workflow: string, number: number): Promise<void> {
    const cursor = async () =>
      (
        (await n8n.workflow(workflow)) as unknown as {
          staticData: { global?: { falcoOutput?: { cursor: string } } } | null;
        }
      ).staticData?.global?.falcoOutput?.cursor;
    let before = await cursor();
    for (let run = 0; run < number; run += 1)
      before = await until('a run', 60, async () => {
        const now = await cursor();
        return now === undefined || now === before ? undefined : now;
      });
  }

  test('finds what never reached n8n, decides it as late and once, and acts on none of it; what arrived is left alone', async () => {
    const job = `falco-${randomUUID()}`;
    const arrived = await send(stack, cluster, 'pod-quarantine-test');
    expect(await logged(stack, arrived.incident)).toMatchObject({ decision: 'quarantine_pod' });
    const pods = await Promise.all(['pod-delete-test', 'escalate-test'].map((name) => freshPod(cluster, name)));
    const uids = pods.map(({ metadata }) => metadata?.uid ?? '');
    const at = new Date();
    const host = `node-${randomUUID()}`;
    await push(stack.urls.loki, job, [
      await lineOf('pod-quarantine-test', arrived.uid, at),
      await lineOf('pod-delete-test', uids[0] ?? '', at),
      await lineOf('escalate-test', uids[1] ?? '', at),
      { time: nano(at), rule: 'A rule of a host', priority: 'Warning', metadata: { hostname: host } },
      {
        time: nano(at),
        rule: 'Falco internal: syscall event drop',
        priority: 'Debug',
        metadata: { source: 'internal' },
      },
    ]);
    const workflow = await reconcile(job);
    for (const uid of uids)
      expect(await until('the decision', 90, async () => (await about(uid))[0])).toMatchObject({
        decision: 'escalate',
        late: { why: 'missed', tries: 1 },
        alert: { trust: 'report' },
      });
    const ofHost = async () => (await decisions()).filter(({ alert }) => alert.fields.hostname === host);
    expect(await until('the decision', 30, async () => (await ofHost())[0])).toMatchObject({ late: { why: 'missed' } });

    await runs(workflow, 3);
    for (const uid of [...uids, arrived.uid]) expect(await about(uid)).toHaveLength(1);
    expect((await about(arrived.uid))[0]?.late).toBeUndefined();
    expect(await ofHost()).toHaveLength(1);
    expect((await decisions()).filter(({ late, alert }) => late && alert.rule.startsWith('Falco internal'))).toEqual(
      [],
    );
    // A forged line would look the same: nothing is done to a pod.
    for (const [index, name] of ['pod-delete-test', 'escalate-test'].entries())
      expect(await podState(cluster, name, uids[index] ?? '')).toBe('untouched');
    expect(await n8n.executions(workflow, '&status=error')).toEqual([]);
  }, 400_000);

  test('brings more than one portion in one run, each alert once', async () => {
    const job = `falco-${randomUUID()}`;
    const hosts = Array.from({ length: PORTION + 20 }, (_, host) => `node-${host}-${randomUUID()}`);
    const time = nano(secondsAgo(5));
    await push(
      stack.urls.loki,
      job,
      hosts.map((host, index) => ({
        time,
        rule: 'A rule of a host',
        priority: 'Notice',
        // Several namespaces, so that no storm begins.
        metadata: { hostname: host, namespace: `shop-${index % 6}`, pod: host },
      })),
    );
    const workflow = await reconcile(job, { isByHand: true });
    await runByHand(stack, workflow, 'Every 5 Minutes');
    const found = await until('the decisions', 240, async () => {
      const late = (await decisions()).filter(({ alert }) => hosts.includes(String(alert.fields.hostname)));
      return late.length >= hosts.length ? late : undefined;
    });
    expect(new Set(found.map(({ alert }) => alert.fields.hostname)).size).toBe(hosts.length);
    expect(found).toHaveLength(hosts.length);
  }, 300_000);

  test("does not keep Falco's own alert from its action: what was found in Loki is another incident", async () => {
    const job = `falco-${randomUUID()}`;
    const pod = await freshPod(cluster, 'pod-delete-test');
    const uid = pod.metadata?.uid ?? '';
    await push(stack.urls.loki, job, [await lineOf('pod-delete-test', uid, new Date())]);
    await reconcile(job);
    await until('the late decision', 90, async () => (await about(uid))[0]);
    const { status, body } = await post(stack, await alertAbout('pod-delete-test', uid));
    expect(status).toBe(202);
    const { incident } = JSON.parse(body) as { incident: string };
    expect(await logged(stack, incident)).toMatchObject({ decision: 'delete_pod' });
    await until('the pod deleted', 60, async () =>
      (await podState(cluster, 'pod-delete-test', uid)) === 'gone' ? true : undefined,
    );
  }, 300_000);

  test('fails clearly while Loki is down or refuses, and loses nothing', async () => {
    const job = `falco-${randomUUID()}`;
    const uid = (await freshPod(cluster, 'test-shell')).metadata?.uid ?? '';
    await push(stack.urls.loki, job, [await lineOf('test-shell', uid, new Date())]);
    let mode: 'refuses' | 'answers' = 'refuses';
    const front: RunningServer = await serve(({ url = '' }, response) => {
      if (mode === 'refuses') {
        response.writeHead(429).end('too many outstanding requests');
        return;
      }
      void fetch(`${stack.urls.loki}${url}`).then(async (answer) =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
      );
    });
    try {
      const data = { tenant: '', username: '', password: '' };
      const refusing = await reconcile(job, {
        credential: await n8n.createCredential('lokiApi', { ...data, url: front.url }),
      });
      const nowhere = `falco-${randomUUID()}`;
      const url = 'http://127.0.0.1:9';
      const down = await reconcile(nowhere, { credential: await n8n.createCredential('lokiApi', { ...data, url }) });
      for (const [workflow, message] of [
        [refusing, /answered 429: too many outstanding requests/],
        [down, /Loki at http:\/\/127\.0\.0\.1:9\/.* did not answer/],
      ] as const) {
        const { id } = await until(
          'a failed run',
          60,
          async () => (await n8n.executions(workflow, '&status=error'))[0],
        );
        const failure = await n8n.failure(id);
        expect(failure.node).toBe("Read Falco's Output");
        expect(failure.message).toMatch(message);
      }
      expect(await about(uid)).toEqual([]);
      mode = 'answers';
      expect(await until('the decision', 60, async () => (await about(uid))[0])).toMatchObject({
        late: { why: 'missed' },
      });
    } finally {
      await n8n.deleteWorkflows(PREFIX);
      await front.close();
    }
  }, 300_000);
});
