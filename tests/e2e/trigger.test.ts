import { randomUUID } from 'node:crypto';

import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { processes } from '../../cluster/local/process/supervisor';
import { type Cluster, connect, freshPod } from '../../cluster/local/kubernetes/client';
import { NAMESPACES } from '../../core/names';
import { reportText, signatureOf } from '../support/reports';
import { GITHUB_TOKEN, PASSWORD, TOKENS } from '../support/secrets';
import { alertAbout, anotherUid, events, logged, post, query, send } from './support/incident';
import { N8n } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
}, FIRST_START_MS);

describe('rejections are answered with a reason and start no execution', () => {
  let newest: string | undefined;

  beforeAll(async () => {
    newest = (await n8n.executions(stack.workflowId))[0]?.id;
  });
  afterAll(async () => {
    expect((await n8n.executions(stack.workflowId))[0]?.id).toBe(newest);
  });

  test('401 without the secret, and with a wrong one', async () => {
    const body = await alertAbout('test-shell', anotherUid());
    for (const secret of ['', 'wrong', stack.webhookSecret.slice(0, -1)]) {
      expect(await post(stack, body, { secret })).toMatchObject({
        status: 401,
        body: expect.stringContaining('X-Alert-Secret') as string,
      });
    }
  });

  test('401, not 413 or 400, for a sender without the secret', async () => {
    expect((await post(stack, 'x'.repeat(3_000_000), { secret: 'wrong' })).status).not.toBe(413);
    expect(await post(stack, '{}', { secret: 'wrong' })).toMatchObject({ status: 401 });
  });

  test.each([
    ['three megabytes, which the trigger refuses', 3_000_000, '1048576'],
    ['five megabytes, which the gate refuses before n8n', 5_000_000, '4194304'],
  ])('413 for %s', async (_what, length, limit) => {
    const alert = JSON.parse(await alertAbout('test-shell', anotherUid())) as object;
    expect(await post(stack, JSON.stringify({ ...alert, padding: 'x'.repeat(length) }))).toMatchObject({
      status: 413,
      body: expect.stringContaining(limit) as string,
    });
  });

  test.each([
    ['{}', /known source/],
    ['[]', /not a JSON object/],
    ['{"rule":"a","priority":"Notice"}', /time/],
    ['{"rule":"a","priority":"Notice","time":"now"}', /time/],
  ])('400 for %s', async (body, reason) => {
    expect(await post(stack, body)).toMatchObject({ status: 400, body: expect.stringMatching(reason) as string });
  });

  test("n8n's own 422 for what is not JSON, without a stack trace", async () => {
    const { status, body } = await post(stack, '{"rule":');
    expect(status).toBe(422);
    expect(body).not.toMatch(/at .*\.js|node_modules/);
  });
});

test('numbers beyond 2^53 arrive digit by digit', async () => {
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  // The line is written before the execution has ended, and n8n stores it then.
  const execution = await until('the execution', 20, async () => {
    const executions = await n8n.executions(stack.workflowId, '&includeData=true&status=success');
    return executions.map((one) => JSON.stringify(one)).find((text) => text.includes(incident));
  });
  expect(execution).toMatch(/"evt\.time":"\d{19}"/);
});

test('of an accepted alert n8n, Loki and Kubernetes keep no secret, and of its request nothing else', async () => {
  const { incident } = await send(stack, cluster, 'escalate-test', (alert) => {
    alert.rule = `A rule with ${GITHUB_TOKEN}`;
    alert.output = `mysql -p${PASSWORD} shop`;
    alert.output_fields['proc.cmdline'] = `mysql -p${PASSWORD} shop`;
    alert.output_fields['proc.env'] = `A=b SLACK=${TOKENS.slack ?? ''}`;
  });
  const line = JSON.stringify(await logged(stack, incident));
  const [event] = await events(cluster, NAMESPACES.playground, incident);
  // The line is written before the execution has ended, and n8n stores it then.
  const execution = await until('the execution', 20, async () =>
    (await n8n.executions(stack.workflowId, '&includeData=true&status=success'))
      .map((one) => JSON.stringify(one))
      .find((one) => one.includes(incident)),
  );

  for (const kept of [line, event?.message, execution]) {
    expect(kept).toContain('[masked: github token]');
    for (const secret of [PASSWORD, GITHUB_TOKEN, TOKENS.slack, stack.webhookSecret])
      expect(kept).not.toContain(secret);
  }
  expect(line).toContain('mysql -p[masked: password] shop');
  expect(execution).toContain('SLACK=[masked: slack credential]');
  // What else the request had: its headers.
  expect(execution).not.toMatch(/user-agent|application\/json; charset/i);
});

test('n8n runs a rightly signed PagerDuty webhook once, however often it comes', async () => {
  const [secret, path, name] = ['signing-secret-of-the-test', 'e2e-pagerduty', 'e2e PagerDuty'];
  const [trigger] = (await n8n.workflow(stack.workflowId)).nodes.filter(({ type }) =>
    type.endsWith('.securityAlertTrigger'),
  );
  if (trigger === undefined) throw new Error('the workflow has no trigger');
  await n8n.deleteWorkflows(name);
  const id = await n8n.createCredential('pagerDutyWebhookApi', { secrets: secret });
  const workflowId = await n8n.activate(
    {
      name,
      nodes: [
        {
          ...trigger,
          webhookId: randomUUID(),
          parameters: { sender: 'pagerDuty', path },
          credentials: { pagerDutyWebhookApi: { id, name: 'e2e' } },
        },
      ],
      connections: {},
      settings: {},
    },
    path,
  );
  const body = reportText('pagerduty-triggered');
  const deliver = async (signature: string) => {
    const answer = await fetch(`${stack.urls.n8n}/webhook/${path}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-pagerduty-signature': signature,
        'x-webhook-id': 'f8f4a9d1-delivery',
      },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  expect(await deliver(signatureOf(body, 'another secret'))).toMatchObject({ status: 401 });
  const first = await deliver(signatureOf(body, secret));
  expect(first).toMatchObject({ status: 202, body: { status: 'accepted' } });
  expect(await deliver(`v1=00,${signatureOf(body, secret)}`)).toEqual({
    status: 202,
    body: { status: 'duplicate', incident: first.body.incident },
  });
  const executions = await until('the execution', 20, async () => {
    const found = await n8n.executions(workflowId);
    return found.length > 0 ? found : undefined;
  });
  expect(executions).toHaveLength(1);
  await n8n.deleteWorkflows(name);
});

test('an alert that got its 202 is not lost when n8n is killed right after; counters go on', async () => {
  const { incident: before } = await send(stack, cluster, 'test-shell');
  await logged(stack, before);
  const total = 'sum(incident_pipeline_events_total)';
  await until('the count in Prometheus', 20, async () => ((await query(stack, total)) > 0 ? true : undefined));
  const counted = await query(stack, total);

  const pod = await freshPod(cluster, 'escalate-test');
  const body = await alertAbout('escalate-test', pod.metadata?.uid ?? '');
  const pid = (await processes()).find(({ name }) => name === 'n8n')?.pid ?? 0;
  expect(pid).toBeGreaterThan(1);
  const answer = await post(stack, body);
  process.kill(pid, 'SIGKILL');
  expect(answer.status).toBe(202);
  const { incident } = JSON.parse(answer.body) as { incident: string };

  stack = await startStack();
  n8n = await N8n.connect(stack);
  const executions = await n8n.executions(stack.workflowId, '&includeData=true');
  expect(executions.some((execution) => JSON.stringify(execution).includes(incident))).toBe(true);

  const { incident: after } = await send(stack, cluster, 'test-shell');
  await logged(stack, after);
  await until('the count to go on from where it was', 20, async () =>
    (await query(stack, total)) > counted ? true : undefined,
  );
}, 180_000);
