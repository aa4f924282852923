import { appendFile, cp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import type { V1Pod } from '@kubernetes/client-node';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { shareNodes } from '../../cluster/local/n8n/nodePackage';
import { CHECKOUT, nodesFolder, statePath, USER_FOLDER } from '../../cluster/local/paths';
import { OUTSIDE, preparePostgresql } from '../../cluster/local/postgresql/component';
import { processes, stop } from '../../cluster/local/process/supervisor';
import { until } from '../../cluster/local/process/wait';
import { GRACE_SECONDS } from '../../cluster/local/queue/processes';
import { loadStack, type Stack } from '../../cluster/local/stack';
import { ROOT } from '../support/manifests';
import { run, succeed } from '../support/run';
import { deciding, type ScriptedModel } from '../support/scriptedModel';
import { logged, post } from './support/incident';
import { watchWork } from './support/n8nLogs';
import { alertOn, createPods, deletePods } from './support/pods';
import { activeTargets, metric, ruleNames } from './support/prometheus';
import { hasRedis } from './support/redis';
import { startModel, startStackWith } from './support/scriptedStack';
import { FIRST_START_MS } from './support/stack';

const DEPLOY = join(ROOT, 'deploy.sh');
const WORKERS = ['n8n-worker-1', 'n8n-worker-2'] as const;
const WEBHOOKS = ['n8n-webhook-1', 'n8n-webhook-2'] as const;
/**
 * The last worker that stops waits its whole grace for the error workflow of an execution that fails then: n8n puts that into the
 * queue, of which no worker takes it.
 */
const RESTART_MS = (GRACE_SECONDS + 120) * 1000;

let stack: Stack;
let cluster: Cluster;
let model: ScriptedModel;
const pods: V1Pod[] = [];
let used = 0;
let release = (): void => undefined;

const start = (): Promise<Stack> => startStackWith(model, '--scaled');

/** Sends alerts as Falcosidekick does, each about another pod, one after the other. Returns their incidents' ids. */
async function sendAlerts(count: number): Promise<string[]> {
  const incidents = [];
  for (const pod of pods.slice(used, used + count)) {
    const { status, body } = await post(stack, await alertOn('escalate-test', pod));
    expect([status, body]).toEqual([202, expect.any(String)]);
    incidents.push((JSON.parse(body) as { incident: string }).incident);
  }
  used += count;
  return incidents;
}

/** The decisions of these incidents in Loki, once each has one. */
const decisionsOf = (incidents: string[]): Promise<unknown[]> =>
  Promise.all(incidents.map(async (incident) => (await logged(stack, incident)).decision));

const escalated = (incidents: string[]): string[] => incidents.map(() => 'escalate');

const works = async (names: readonly string[]) => Promise.all(names.map((name) => watchWork(stack, name)));

(hasRedis() ? describe : describe.skip)('n8n in queue mode:', () => {
  beforeAll(async () => {
    model = await startModel(deciding('escalate'));
    const before = await loadStack().catch(() => null);
    if (before?.scaled === false) await succeed(DEPLOY, '--local', '--down');
    // As a checkout finds it where another one was removed without its data.
    if (before?.scaled !== true) await preparePostgresql({ databasePassword: 'of a state folder that is gone' });
    stack = await start();
    cluster = connect();
    pods.push(...(await createPods(cluster, 'scaled', 40)));
  }, FIRST_START_MS);
  afterEach(() => {
    release();
  });
  afterAll(async () => {
    await deletePods(cluster, pods);
    await model.close();
    // Test files that follow start n8n in one process.
    await succeed(DEPLOY, '--local', '--down');
  }, RESTART_MS);

  test("PostgreSQL's folder outside of the checkout names the checkout", async () => {
    if (OUTSIDE !== undefined) expect(await readFile(join(OUTSIDE, 'checkout'), 'utf8')).toBe(CHECKOUT);
  });

  test('alerts are received by webhook processors and decided by workers', async () => {
    const [webhooks, workers] = [await works(WEBHOOKS), await works(WORKERS)];
    const incidents = await sendAlerts(6);
    expect(await decisionsOf(incidents)).toEqual(escalated(incidents));
    const enqueued = await Promise.all(webhooks.map(async (work) => (await work()).enqueued));
    const started = await Promise.all(workers.map(async (work) => (await work()).started));
    expect(enqueued.map(({ length }) => length)).toEqual([3, 3]);
    expect(started.flat()).toEqual(expect.arrayContaining(enqueued.flat()));
  });

  test('Prometheus scrapes every process, knows the length of the queue, and has the rules about it', async () => {
    const names = ['n8n', ...WEBHOOKS, ...WORKERS];
    await until('the scrape of every process', 30, async () => {
      const up = await metric(stack, 'up{job="n8n"}');
      return names.every((name) => up.some(({ labels, value }) => labels.process === name && value === 1)) || undefined;
    });
    // Its main process alone counts the queue.
    const queue = await metric(stack, 'n8n_scaling_mode_queue_jobs_waiting');
    expect(queue.map(({ labels }) => labels.process)).toEqual(['n8n']);
    expect(await ruleNames(stack)).toEqual(
      expect.arrayContaining(['IncidentQueueStands', 'IncidentN8nReplicasMissing']),
    );
  });

  test('nobody beyond this machine can read what the processes count', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .flatMap((each) => (each === undefined || each.internal || each.family !== 'IPv4' ? [] : [each.address]));
    const targets = await activeTargets(stack, 'n8n');
    expect(targets.length).toBeGreaterThanOrEqual(1 + WEBHOOKS.length + WORKERS.length);
    for (const target of targets) {
      const url = new URL(target);
      expect(url.hostname).toBe('127.0.0.1');
      for (const address of outside)
        await expect(
          fetch(`http://${address}:${url.port}/metrics`, { signal: AbortSignal.timeout(2_000) }),
        ).rejects.toThrow();
    }
  });

  test(
    'a worker that is stopped finishes its executions, and the other one does what follows',
    async () => {
      release = model.hold();
      const [first, second] = await works(WORKERS);
      const incidents: string[] = [];
      await until('an execution in each worker', 20, async () => {
        incidents.push(...(await sendAlerts(1)));
        const [one, other] = [await first?.(), await second?.()];
        return one?.started.length !== 0 && other?.started.length !== 0 ? true : undefined;
      });
      await until('the question of every execution', 30, () =>
        Promise.resolve(model.asked.filter(({ agent }) => agent === 'roses').length >= used || undefined),
      );

      const stopped = stop('n8n-worker-1');
      await until('the stop', 20, async () => ((await first?.())?.isStopping ?? false) || undefined);
      incidents.push(...(await sendAlerts(4)));
      release();
      await stopped;
      const before = (await second?.())?.started.length ?? 0;
      incidents.push(...(await sendAlerts(2)));

      expect(await decisionsOf(incidents)).toEqual(escalated(incidents));
      const [one, other] = [await first?.(), await second?.()];
      // Executions of the test before may have finished since, too.
      expect(one?.finished).toEqual(expect.arrayContaining(one?.started ?? []));
      // While it stops, a worker may still take jobs for which it waited at that moment; after that it takes none.
      expect((other?.started.length ?? 0) - before).toBeGreaterThanOrEqual(2);
      await start();
    },
    RESTART_MS,
  );

  test(
    'alerts are received and decided while the main process and a webhook processor are stopped',
    async () => {
      await Promise.all(['n8n', 'n8n-webhook-1'].map(stop));
      const [work] = await works(['n8n-webhook-2']);
      const incidents = await sendAlerts(4);
      expect(await decisionsOf(incidents)).toEqual(escalated(incidents));
      expect((await work?.())?.enqueued).toHaveLength(4);
      await start();
    },
    RESTART_MS,
  );

  test(
    'alerts that were accepted while no worker ran are decided later, though Redis was killed meanwhile',
    async () => {
      await Promise.all(WORKERS.map(stop));
      const incidents = await sendAlerts(3);
      const redis = (await processes()).find(({ name }) => name === 'redis');
      process.kill(redis?.pid ?? NaN, 'SIGKILL');
      await until('another Redis', 20, async () => {
        const next = (await processes()).find(({ name }) => name === 'redis');
        return (next?.status === 'online' && next.pid !== redis?.pid) || undefined;
      });
      await start();
      expect(await decisionsOf(incidents)).toEqual(escalated(incidents));
    },
    RESTART_MS,
  );

  test('--status names the process that lacks the nodes', async () => {
    const folder = statePath('n8n-worker-2');
    await rm(nodesFolder(folder));
    try {
      const { code, output } = await run(DEPLOY, ['--local', '--status']);
      expect(code).toBe(1);
      expect(output).toMatch(/Nodes +missing in n8n-worker-2: there is no /);
      expect(output).not.toContain('missing in n8n-worker-1');
    } finally {
      await shareNodes(USER_FOLDER, folder);
    }
    const { code, output } = await run(DEPLOY, ['--local', '--status']);
    expect([code, output]).toEqual([0, expect.stringContaining('Nodes       loaded by n8n, n8n-webhook-1')]);
  }, 120_000);

  test('--status names the worker that has another version of the nodes', async () => {
    const folder = nodesFolder(statePath('n8n-worker-2'));
    await rm(folder);
    await cp(nodesFolder(USER_FOLDER), folder, { recursive: true, verbatimSymlinks: true });
    try {
      const inside = join('node_modules', 'n8n-nodes-incident-pipeline', 'dist', 'core', 'names.js');
      await appendFile(join(folder, inside), '\n// An older version.\n');
      const { code, output } = await run(DEPLOY, ['--local', '--status']);
      expect(code).toBe(1);
      expect(output).toMatch(/Nodes +another version in n8n-worker-2: (\S+), build (\w+); n8n has \1, build (?!\2)/);
      expect(output).not.toContain('another version in n8n-worker-1');
    } finally {
      await shareNodes(USER_FOLDER, statePath('n8n-worker-2'));
    }
  }, 120_000);

  test('a start without --scaled keeps n8n in queue mode, and an alert is followed to its end', async () => {
    model.follow(deciding('delete_pod'));
    const { code, output } = await run(DEPLOY, ['--local', '--alert', 'pod-delete-test'], {
      ...process.env,
      OPENAI_API_KEY: 'scripted',
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_MODEL: 'scripted-1',
    });
    expect([code, output]).toEqual([0, expect.stringContaining('decision: delete_pod')]);
    expect((await loadStack()).scaled).toBe(true);
  }, 120_000);
});
