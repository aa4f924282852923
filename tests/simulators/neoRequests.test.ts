import { call } from './support/call';
import { client, HEADERS, idOf, message, REPOSITORY, STACK } from './support/neo';

let is: Awaited<ReturnType<typeof client>>;
beforeEach(async () => {
  is = await client();
});
afterEach(() => is.neo.close());

describe('a task', () => {
  it('is created by a message, and told by its id', async () => {
    const created = await is.create({ permissionMode: 'read-only', enabledIntegrations: [] });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ taskId: expect.any(String) as string });
    const { status, body } = await is.tasks('GET', `/${idOf(created)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: idOf(created),
      taskType: 'sync',
      approvalMode: 'balanced',
      permissionMode: 'read-only',
      planMode: false,
      isShared: false,
      source: 'api',
      entities: expect.arrayContaining([STACK, REPOSITORY]) as unknown[],
      createdBy: { githubLogin: 'incident-pipeline' },
    });
  });

  it("has the organization's approval mode and all permissions where nothing is said", async () => {
    await is.tasks('POST', '', { body: { message: message() } });
    expect(is.neo.state()).toMatchObject([{ approvalMode: 'manual', permissionMode: 'default' }]);
  });

  it.each([
    ['no message', { message: undefined }],
    ['a message of another type', { message: message({ type: 'user_cancel' }) }],
    ['nothing to say', { message: message({ content: ' ' }) }],
    ['no time', { message: message({ timestamp: undefined }) }],
    ['a time in another form', { message: message({ timestamp: 'Sat, 21 Nov 2026 10:00:00 GMT' }) }],
    ['a time without a zone', { message: message({ timestamp: '2026-11-21T10:00:00' }) }],
    ['a mode that there is none of', { approvalMode: 'review' }],
    ['a permission that there is none of', { permissionMode: 'readonly' }],
    ['a text for a truth', { planMode: 'true' }],
    ['a name that is misspelt', { permission_mode: 'read-only' }],
    ['integrations by name', { enabledIntegrations: ['honeycomb'] }],
    ['an entity of another type', { message: message({ entity_diff: { add: [{ type: 'project', name: 'x' }] } }) }],
    ['a stack without its project', { message: message({ entity_diff: { add: [{ type: 'stack', name: 'x' }] } }) }],
    ['an entity by id', { message: message({ entity_diff: { add: [{ ...REPOSITORY, id: '1' }] } }) }],
  ])('with %s is refused', async (_, more) => {
    const { status, body } = await is.create(more);
    expect(status).toBe(400);
    expect(body).toEqual({ code: 400, message: expect.stringMatching(/^Bad Request: ./) as string });
    expect(is.neo.state()).toEqual([]);
  });

  it.each([
    ['is not there', 'other', {}],
    ['may not be seen', 'closed', { accessible: false }],
    ['is empty', 'empty', { resources: 0 }],
  ])('is refused for a stack that %s', async (_, name, more) => {
    const stack = { organization: 'acme', project: 'playground' };
    is.neo.configure({
      stacks: [{ ...stack, name: 'production' }, ...(name === 'other' ? [] : [{ ...stack, name, ...more }])],
    });
    const { status, body } = await is.create({
      message: message({ entity_diff: { add: [{ type: 'stack', project: 'playground', name }] } }),
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringContaining(`playground/${name}`) as string });
  });

  it('loses a repository that Neo cannot read without a word', async () => {
    is.neo.configure({ repositories: [] });
    await is.create({}, { name: 'findings' });
    expect(is.neo.state()[0]?.request.message.entity_diff.add).toHaveLength(2);
    expect((await is.tasks('GET', `/${is.neo.state()[0]?.id ?? ''}`)).body).toMatchObject({ entities: [STACK] });
  });

  it('changes its modes', async () => {
    const id = idOf(await is.create());
    const { status, body } = await is.tasks('PATCH', `/${id}`, { body: { approvalMode: 'auto' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, approvalMode: 'auto', permissionMode: 'default' });
    expect((await is.tasks('PATCH', `/${id}`, { body: { status: 'idle' } })).status).toBe(400);
  });
});

describe('a request', () => {
  it.each([
    ['without a token', { authorization: '' }, 401],
    ['with another token', { authorization: 'token other' }, 401],
    ['with the token in another form', { authorization: 'Bearer simulated-pulumi-token' }, 401],
    ['for no version', { accept: 'application/json' }, 400],
    ['for an old version', { accept: 'application/vnd.pulumi+7' }, 400],
    ['for a newer version', { accept: 'application/vnd.pulumi+9' }, 201],
    ['without a content type', { 'content-type': 'text/plain' }, 400],
  ])('%s gets %s', async (_, headers, code) => {
    const { status, body } = await is.tasks('POST', '', { headers, body: { message: message() } });
    expect(status).toBe(code);
    if (code !== 201) expect(body).toMatchObject({ code });
  });

  it.each([
    ['acme', 'other', 404],
    ['other', 'x', 403],
    ['nobody', 'x', 404],
  ])('for %s/%s gets %s', async (organization, task, code) => {
    is.neo.configure({
      organizations: [
        { name: 'acme', members: ['incident-pipeline'] },
        { name: 'other', members: [] },
      ],
    });
    const { status, body } = await call('GET', `${is.neo.url}/api/preview/agents/${organization}/tasks/${task}`, {
      headers: HEADERS,
    });
    expect(status).toBe(code);
    expect(body).toMatchObject({ code });
  });

  it('for another API gets 404', async () => {
    expect((await call('GET', `${is.neo.url}/api/user`, { headers: HEADERS })).body).toMatchObject({ code: 404 });
  });
});

describe('pages', () => {
  it('of tasks begin with the newest', async () => {
    const ids: string[] = [];
    for (let task = 0; task < 3; task++) ids.unshift(idOf(await is.create()));
    const first = await is.tasks('GET', '?pageSize=2');
    const { tasks, continuationToken } = first.body as { tasks: { id: string }[]; continuationToken: string };
    expect(tasks.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await is.tasks('GET', `?pageSize=2&continuationToken=${continuationToken}`);
    expect(second.body).toEqual({ tasks: [expect.objectContaining({ id: ids[2] })] });
  });

  it('of events follow each other to the end', async () => {
    const id = idOf(await is.create());
    await is.idle(id);
    const { events: all } = await is.events(id);
    let page = await is.events(id, '?pageSize=2');
    const seen = [...page.events];
    while (page.continuationToken !== undefined) {
      page = await is.events(id, `?pageSize=2&continuationToken=${page.continuationToken}`);
      seen.push(...page.events);
    }
    expect(seen).toEqual(all);
  });

  it.each(['pageSize=0', 'pageSize=1001', 'pageSize=x', 'continuationToken=x'])('are refused for %s', async (query) => {
    const id = idOf(await is.create());
    expect((await is.tasks('GET', `/${id}/events?${query}`)).status).toBe(400);
  });
});

it('tells its state and takes its orders by HTTP too', async () => {
  await is.admin('PUT', 'script', { name: 'down', times: 1 });
  expect((await is.create()).status).toBe(503);
  await is.create();
  const { body } = await is.admin('GET', 'state');
  expect(body).toMatchObject([{ script: 'fixes', request: { message: { content: message().content } } }]);
  await is.admin('POST', 'reset');
  expect(is.neo.state()).toEqual([]);
  expect((await is.admin('PUT', 'script', { name: 'explodes' })).status).toBe(400);
  expect((await is.admin('GET', 'health')).body).toEqual({ status: 'ok' });
});

it("fails as it is told, in Pulumi's form", async () => {
  await is.admin('POST', 'next', { status: 500, retryAfter: 3 });
  const { headers, body } = await is.create();
  expect(headers.get('retry-after')).toBe('3');
  expect(body).toEqual({ code: 500, message: 'Internal Server Error' });
});
