import { URLS } from '../../cluster/local/process/ports';
import { follow, tasksOf } from '../../cluster/local/scenarios/scenarios';
import { ACCOUNT } from '../../cluster/local/simulators/example';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { reportText, signatureOf } from '../support/reports';
import {
  answered,
  deliver,
  fault,
  incident,
  noted,
  PAGERDUTY_WEBHOOK,
  type Reported,
  reported,
  REVIEW_SECONDS,
  taskOf,
} from './support/neo';
import { type LostClaims, loseClaims, settledClaim } from './support/lostClaims';
import { FIRST_START_MS, startStackWithSimulators } from './support/stack';

const WAIT_MS = (REVIEW_SECONDS + 60) * 1000;

let stack: Stack;

/** What waits for the next review is begun together, and looked at last. */
let asking: Reported;
let erring: Reported;
let lost: LostClaims;

beforeAll(async () => {
  stack = await startStackWithSimulators();
  asking = await reported('privileged-pod', 'with-context', { name: 'asks-approval' });
  await taskOf(asking);
  erring = await reported('critical-cve', 'with-context', { name: 'errs' });
  await taskOf(erring);
  await follow({ name: 'fixes' });
  lost = await loseClaims(stack);
}, FIRST_START_MS);

afterEach(() => follow({ name: 'fixes' }));

describe("a webhook is taken only with PagerDuty's signature", () => {
  const body = reportText('pagerduty-triggered');

  test.each([
    ['none', {}],
    ['one by a secret of before', { 'x-pagerduty-signature': signatureOf(body, 'a-secret-of-last-year') }],
    ['one of other bytes', { 'x-pagerduty-signature': signatureOf(`${body} `, 'x') }],
  ])('%s: 401', async (_what, headers) => {
    const answer = await fetch(PAGERDUTY_WEBHOOK, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    expect(answer.status).toBe(401);
  });

  test('a right one beside a wrong one: 202', async () => {
    const signatures = `${signatureOf(body, 'another')},${signatureOf(body, stack.webhookSecret)}`;
    expect(await deliver(stack, body, { 'x-pagerduty-signature': signatures })).toMatchObject({ status: 202 });
  });

  test('a right one of what is no JSON: refused, and nothing starts', async () => {
    expect((await deliver(stack, '{"event": ')).status).toBeGreaterThanOrEqual(400);
  });
});

describe("what goes wrong is told in the incident's notes", () => {
  test.each<[string, object, RegExp]>([
    ['Neo refuses the stack', { method: 'POST', path: '/tasks', status: 400 }, /No Pulumi Neo task was started: .*400/],
    ['Neo refuses the token', { method: 'POST', path: '/tasks', status: 401 }, /started: .*401.*access token/s],
    [
      'Neo finds no such organization',
      { method: 'POST', path: '/tasks', status: 404 },
      /started: .*404.*organization/s,
    ],
    [
      'Neo is down',
      { method: 'POST', path: '/tasks', status: 503 },
      /unknown whether a Pulumi Neo task was started.*not tried again/s,
    ],
  ])(
    '%s',
    async (_what, planned, said) => {
      await fault('neo', planned);
      const one = await reported('critical-cve', 'with-context', { name: 'fixes' });
      const { assignees, status } = await noted(one, said);
      expect({ assignees, status }).toEqual({ assignees: [ACCOUNT.onCall], status: 'triggered' });
      expect(await tasksOf(one.incident)).toEqual([]);
    },
    60_000,
  );

  test.each<[string, object, RegExp]>([
    ["Neo's answer is lost, and its task found", { name: 'loses-answer', times: 1 }, /is looking for the cause/],
    ['Neo is busy, and then not', { name: 'busy', times: 1, retryAfter: 1 }, /is looking for the cause/],
    ['Neo calls a field otherwise', { name: 'renamed' }, /unknown whether a Pulumi Neo task was started: .*no taskId/s],
  ])(
    '%s',
    async (_what, script, said) => {
      const one = await reported('critical-cve', 'with-context', script);
      await noted(one, said);
      expect((await tasksOf(one.incident)).length).toBeLessThanOrEqual(1);
    },
    WAIT_MS,
  );

  test.each<[string, object, RegExp]>([
    ['PagerDuty refuses the token when the alerts are read', { status: 401, times: 5 }, /alerts could not be read/],
    ['PagerDuty has no such incident', { status: 404, times: 5 }, /alerts could not be read/],
    ['PagerDuty has too many requests, and then not', { status: 429, times: 2 }, /is looking for the cause/],
  ])(
    '%s',
    async (_what, planned, said) => {
      await fault('pagerDuty', { method: 'GET', path: '/alerts', ...planned });
      await noted(await reported('critical-cve', 'with-context', { name: 'never-ends' }), said);
    },
    90_000,
  );

  test('PagerDuty does not take the note: it is told again, and the failure is on record', async () => {
    // Neo takes its time, so that the fault can be this incident's own: others' news go on meanwhile.
    await fault('neo', { method: 'POST', path: '/tasks', status: 400, delayMilliseconds: 5_000 });
    const since = Date.now();
    const one = await reported('critical-cve', 'with-context', { name: 'fixes' });
    await fault('pagerDuty', { method: 'POST', path: `/incidents/${one.incident}/notes`, status: 404, times: 5 });
    await until("the failure's line", 60, async () => {
      const lines = await failures(since);
      return lines.some((line) => line.includes(one.incident)) ? true : undefined;
    });
    expect((await incident(one.key)).notes).toEqual([]);
  }, 90_000);
});

test("an incident that people resolve ends Neo's work on it", async () => {
  const one = await reported('critical-cve', 'with-context', { name: 'never-ends' });
  await noted(one, /is looking for the cause/);
  await resolve(one);
  await until('the end of the task', 60, async () =>
    (await tasksOf(one.incident))[0]?.status === 'idle' ? true : undefined,
  );
}, 120_000);

describe('what the review finds', () => {
  test(
    "an error of Neo's",
    async () => {
      await noted(erring, /produced no result/);
    },
    WAIT_MS,
  );

  test(
    "that a person said no to Neo's question: the incident goes back",
    async () => {
      await answered(asking, false);
      await noted(asking, /found no fix in the code/);
    },
    WAIT_MS,
  );

  test(
    'a claim whose maker died is found again at Neo, reported, and never asked for twice',
    async () => {
      const { claims, ids, task } = lost;
      const [found, unknown] = await Promise.all(ids.map((id) => settledClaim(claims, id)));
      expect(found?.status).toMatchObject({ taskId: task });
      expect(unknown?.status).toMatchObject({ state: 'unknown' });
      expect(unknown?.status).toMatchObject({
        problem: expect.stringMatching(/ended before it stored the answer/) as string,
      });
      expect(unknown?.status.taskId).toBeUndefined();
    },
    WAIT_MS,
  );
});

async function resolve({ incident: id }: Reported): Promise<void> {
  const answer = await fetch(`${URLS.pagerDuty}/incidents/${id}`, {
    method: 'PUT',
    headers: {
      authorization: `Token token=${ACCOUNT.pagerDutyToken}`,
      accept: 'application/vnd.pagerduty+json;version=2',
      'content-type': 'application/json',
      from: 'on-call@example.com',
    },
    body: JSON.stringify({ incident: { type: 'incident_reference', status: 'resolved' } }),
  });
  if (!answer.ok) throw new Error(`PagerDuty does not resolve it: ${await answer.text()}`);
}

async function failures(since: number): Promise<string[]> {
  const search = new URLSearchParams({ query: '{job="incident-pipeline"} | event="failure"', start: `${since}000000` });
  const answer = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${search.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { values: [string, string][] }[] } };
  return data.result.flatMap(({ values }) => values.map(([, line]) => line));
}
