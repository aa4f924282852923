import { createTask } from '../../adapters/neo/create';
import { NOW, requestFor, type Simulated, simulateNeo } from '../support/neo';
import { PULUMI_TOKEN } from '../support/secrets';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulateNeo();
});
afterAll(() => simulated.neo.close());
beforeEach(() => simulated.reset());

const create = (change = {}, access = {}) =>
  createTask({ ...simulated.access, ...access }, requestFor('i-1', change), NOW);
const fault = (plan: object): void => {
  simulated.fault({ method: 'POST', ...plan });
};

describe('what Neo certainly did not do is refused, with the next step, and asked once', () => {
  test.each<[string, object, object, RegExp]>([
    ['a wrong token', {}, { accessToken: 'wrong' }, /answered 401.*create a new one/],
    ['an organization of others', {}, { organization: 'evil' }, /answered 404.*Check the organization \(evil\)/],
    [
      'a stack that is not there',
      { stack: { project: 'playground', name: 'missing' } },
      {},
      /answered 400.*'playground\/missing' not found/,
    ],
    ['an empty commission', { content: ' ' }, {}, /answered 400.*must not be empty/],
  ])('%s', async (_what, change, access, reason) => {
    expect(await create(change, access)).toEqual({
      result: 'refused',
      problem: expect.stringMatching(reason) as string,
    });
    expect(simulated.posts()).toHaveLength(1);
  });

  test.each([
    [403, /Neo is switched on/],
    [413, /does not take what was sent/],
    [422, /does not take what was sent/],
  ])('%d', async (status, reason) => {
    fault({ status });
    expect(await create()).toEqual({ result: 'refused', problem: expect.stringMatching(reason) as string });
    expect(simulated.posts()).toHaveLength(1);
  });

  test('a server that is not there', async () => {
    expect(await create({}, { url: 'http://127.0.0.1:1' })).toEqual({
      result: 'refused',
      problem: expect.stringMatching(/did not answer POST http:\/\/127\.0\.0\.1:1.*ECONNREFUSED/) as string,
    });
  });

  test('a stack that the token may not see, or that is empty', async () => {
    const stack = { organization: 'acme', project: 'playground', name: 'production', resources: 0 };
    simulated.neo.configure({ stacks: [stack] });
    expect(await create()).toMatchObject({ result: 'refused', problem: expect.stringContaining('is empty') as string });
    simulated.neo.configure({ stacks: [{ ...stack, resources: 12, accessible: false }] });
    expect(await create()).toMatchObject({
      result: 'refused',
      problem: expect.stringContaining('not accessible') as string,
    });
    simulated.neo.configure({ stacks: [{ ...stack, resources: 12 }] });
  });
});

describe('what Neo may have done is uncertain, and not asked again', () => {
  test.each<[string, object]>([
    ['an answer that is lost', { drop: 'after' }],
    ['a connection that breaks', { drop: 'before' }],
    ['408', { status: 408 }],
    ['500', { status: 500 }],
    ['503 with a time to come back', { status: 503, retryAfter: 0 }],
    ["a gateway's page", { status: 502, body: '<html>' }],
  ])('%s', async (_what, plan) => {
    fault(plan);
    expect(await create()).toMatchObject({ result: 'uncertain' });
    expect(simulated.posts()).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['has other names', { id: 't-1' }],
    ['is empty', {}],
    ['is no JSON', 'OK'],
    ['names no task', { taskId: '' }],
  ])('an answer that %s', async (_what, body) => {
    fault({ status: 201, body });
    expect(await create()).toEqual({
      result: 'uncertain',
      problem: expect.stringContaining('holds no taskId') as string,
    });
    expect(simulated.posts()).toHaveLength(1);
  });
});

describe('429 is asked again', () => {
  test('after the time that Neo says', async () => {
    simulated.neo.follow({ name: 'busy', retryAfter: 0 });
    expect(await create()).toMatchObject({ result: 'made' });
    expect(simulated.posts().map(({ status }) => status)).toEqual(['429', '429', '201']);
  });

  test('three times, and then refused', async () => {
    simulated.neo.follow({ name: 'busy', times: 10, retryAfter: 0 });
    expect(await create()).toEqual({
      result: 'refused',
      problem: expect.stringMatching(/answered 429.*wait/) as string,
    });
    expect(simulated.posts()).toHaveLength(3);
  });

  test('and what comes of that is what counts', async () => {
    fault({ status: 429, retryAfter: 0 });
    fault({ drop: 'after' });
    expect(await create()).toMatchObject({ result: 'uncertain' });
    expect(simulated.posts()).toHaveLength(2);
  });
});

test('a new task is asked for with exactly what is wanted, and nothing that means more', async () => {
  expect(await create()).toEqual({ result: 'made', id: simulated.neo.state().at(-1)?.id });
  const [post] = simulated.posts();
  expect(post).toMatchObject({
    path: '/api/preview/agents/acme/tasks',
    headers: { accept: 'application/vnd.pulumi+8' },
  });
  expect(post?.body).toEqual({
    message: {
      type: 'user_message',
      content: requestFor('i-1').content,
      timestamp: NOW.toISOString(),
      entity_diff: {
        add: [
          { type: 'repository', org: 'acme', name: 'infrastructure', forge: 'github' },
          { type: 'stack', project: 'playground', name: 'production' },
        ],
        remove: [],
      },
    },
    approvalMode: 'manual',
    permissionMode: 'read-only',
    planMode: false,
    toolExecutionMode: 'cloud',
    enabledIntegrations: [],
    source: 'api',
  });
});

test.each([
  ['github.com', { forge: 'github' }],
  ['gitlab.com', { forge: 'gitlab' }],
  ['bitbucket.org', { forge: 'bitbucket' }],
  ['git.acme.test', { host: 'git.acme.test' }],
])('a repository on %s is named by %j', async (host, by) => {
  await create({ repository: { host, org: 'acme', name: 'shop' }, stack: null, integrations: ['pagerduty'] });
  expect(simulated.posts()[0]?.body).toMatchObject({
    message: { entity_diff: { add: [{ type: 'repository', org: 'acme', name: 'shop', ...by }] } },
    enabledIntegrations: [{ id: 'pagerduty' }],
  });
});

test('the token is in no error', async () => {
  fault({ status: 401, body: { message: `${PULUMI_TOKEN} is wrong` } });
  expect(JSON.stringify(await create({}, { accessToken: PULUMI_TOKEN }))).not.toContain(PULUMI_TOKEN);
});
