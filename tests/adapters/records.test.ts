import { randomUUID } from 'node:crypto';

import { connect, type KubernetesClient } from '../../adapters/kubernetes/api/client';
import { listObjects } from '../../adapters/kubernetes/api/customObjects';
import { waitingApprovals } from '../../adapters/kubernetes/resources/approvals';
import { listExceptions } from '../../adapters/kubernetes/resources/exceptions';
import { markIsolated } from '../../adapters/kubernetes/resources/records';
import { kubernetesRetention } from '../../adapters/kubernetes/resources/retention';
import { recordSchema } from '../../core/response/record';
import type { FinalRecord } from '../../core/retention/finalRecord';
import { exceptionOf } from '../support/exceptions';
import { type RunningServer, serve } from '../support/httpServer';
import { finalRecord } from '../support/retention';

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  accept: string;
  body: string;
}

interface Answer {
  code?: number;
  body: object;
}

/** An API server that answers by this, and remembers what it was asked. */
async function api(
  answer: (call: Call) => Answer,
): Promise<{ server: RunningServer; client: KubernetesClient; calls: Call[] }> {
  const calls: Call[] = [];
  const server = await serve((request, response, body) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://server');
    const call = { method: request.method ?? '', path, query, accept: request.headers.accept ?? '', body };
    calls.push(call);
    const { code = 200, body: answered } = answer(call);
    response.writeHead(code, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answered));
  });
  const access = { server: server.url, certificate: { text: '' }, token: { text: randomUUID() } };
  return { server, client: await connect(access, { watch: false }), calls };
}

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function started(answer: (call: Call) => Answer) {
  const running = await api(answer);
  servers.push(running.server);
  return running;
}

const approval = (name: string, change: object = {}) => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1' },
  spec: {
    incident: name,
    requestedAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-01T00:00:00Z',
    rule: 'a rule',
    priority: 'notice',
    why: 'a test',
    item: '{}',
    ...change,
  },
});

const failure = (code: number, message: string): Answer => ({ code, body: { kind: 'Status', code, message } });

describe('a list of our records', () => {
  /** Pages of one Approval each. */
  const paged =
    (names: string[]) =>
    (call: Call): Answer => {
      const index = Number(call.query.get('continue') ?? 0);
      const next = index + 1 < names.length ? { continue: String(index + 1) } : {};
      return { body: { metadata: { resourceVersion: '5', ...next }, items: [approval(names[index] ?? '')] } };
    };

  test('is read a page at a time, of what is selected alone', async () => {
    const { client, calls } = await started(paged(['a', 'b', 'c']));
    const { items, metadata } = await listObjects(client, 'approvals', 'status.state=');
    expect(items.map((item) => item.metadata?.name)).toEqual(['a', 'b', 'c']);
    expect(metadata?.resourceVersion).toBe('5');
    expect(calls.map(({ query }) => query.get('continue'))).toEqual([null, '1', '2']);
    for (const { query } of calls)
      expect([query.get('limit'), query.get('fieldSelector')]).toEqual(['100', 'status.state=']);
  });

  test('fails as a whole when the API server no longer has its version', async () => {
    const first = paged(['a', 'b']);
    const { client } = await started((call) =>
      call.query.has('continue') ? failure(410, 'The provided continue parameter is too old') : first(call),
    );
    await expect(listObjects(client, 'approvals')).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('by a field that the definition does not know yet says what to apply', async () => {
    const { client } = await started(() => failure(400, 'field label not supported: status.state'));
    await expect(waitingApprovals(client)).rejects.toMatchObject({
      code: 'misconfigured',
      nextStep: expect.stringContaining('manifests/crds') as string,
    });
  });

  test('leaves out one that cannot be read, and reports it once', async () => {
    const items = [approval('a'), approval('b', { requestedAt: 'yesterday' }), approval('c')];
    const { client, calls } = await started(({ method }) =>
      method === 'GET' ? { body: { metadata: {}, items } } : { body: {} },
    );
    for (let time = 0; time < 3; time += 1)
      expect((await waitingApprovals(client)).map(({ spec }) => spec.incident)).toEqual(['a', 'c']);
    const written = calls.filter(({ method }) => method !== 'GET');
    expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/namespaces/n8n/events']);
    expect(JSON.parse(written[0]?.body ?? '')).toMatchObject({
      metadata: { name: 'unreadable-b' },
      reason: 'RecordUnreadable',
      message: expect.stringContaining('Approval b') as string,
    });
  });

  test('of exceptions leaves out one that cannot be read, and reports it', async () => {
    const items = [
      { ...exceptionOf(), metadata: { ...exceptionOf().metadata, uid: 'uid-a' } },
      { metadata: { name: 'b', uid: 'uid-b', resourceVersion: '1' }, spec: { rule: '' } },
    ];
    const { client, calls } = await started(({ method }) =>
      method === 'GET' ? { body: { metadata: { resourceVersion: '5' }, items } } : { body: {} },
    );
    expect(await listExceptions(client)).toHaveLength(1);
    const [written] = calls.filter(({ method }) => method !== 'GET');
    expect(JSON.parse(written?.body ?? '')).toMatchObject({
      metadata: { name: 'unreadable-b' },
      message: expect.stringContaining('Exception b') as string,
    });
  });

  test('of a thousand that cannot be read makes twenty Events, and is there although none can be made', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => approval(`a-${index}`, { requestedAt: 'yesterday' }));
    const { client, calls } = await started(({ method }) =>
      method === 'GET' ? { body: { metadata: {}, items: [...items, approval('last')] } } : failure(403, 'no'),
    );
    for (let time = 0; time < 2; time += 1) expect(await waitingApprovals(client)).toHaveLength(1);
    expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(20);
  });
});

describe('the status of a record', () => {
  const pod = { namespace: 'shop', name: 'web', uid: randomUUID() };
  const record = recordSchema.parse({
    metadata: { name: pod.uid, resourceVersion: '1' },
    spec: {
      incident: 'falco-1',
      pod,
      originalLabels: {},
      decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'a test' },
      requestedAt: '2026-01-01T00:00:00Z',
      until: '2026-01-02T00:00:00Z',
    },
  });
  const change: Parameters<typeof markIsolated>[2] = {
    state: 'Quarantined',
    quarantinedAt: '2026-01-01T00:00:01Z',
    changedAt: '2026-01-01T00:00:01Z',
    contained: 'full',
    gaps: [],
    detached: false,
  };
  const status = (code: number) => ({ code, body: { kind: 'Status', status: 'Failure', code, reason: 'a test' } });

  test('is written without a reading to the version that this process made', async () => {
    const { client, calls } = await started(({ body }) => ({ body: JSON.parse(body) as object }));
    await markIsolated(client, record, change);
    expect(calls.map(({ method }) => method)).toEqual(['PUT']);
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ metadata: { resourceVersion: '1' }, status: change });
  });

  test('is read again when another writer was faster', async () => {
    const newer = { ...record, metadata: { ...record.metadata, resourceVersion: '2' } };
    const { client, calls } = await started(({ method, body }) => {
      if (method === 'GET') return { body: newer };
      return body.includes('"resourceVersion":"1"') ? status(409) : { body: JSON.parse(body) as object };
    });
    await markIsolated(client, record, change);
    expect(calls.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT']);
  });

  test('goes into another record when somebody deleted this one', async () => {
    const name = (path: string) => path.split('/').at(path.endsWith('/status') ? -2 : -1);
    const { client, calls } = await started(({ method, path, body }) => {
      if (method !== 'POST' && name(path) === pod.uid) return status(404);
      const sent = JSON.parse(body) as typeof record;
      return { body: { ...sent, metadata: { ...sent.metadata, resourceVersion: '1' } } };
    });
    await markIsolated(client, record, change);
    expect(calls.map(({ method, path }) => `${method} ${name(path) === pod.uid ? 'this' : 'another'}`)).toEqual([
      'PUT this',
      'GET this',
      'POST another',
      'PUT another',
    ]);
  });
});

describe('the store of what is pruned', () => {
  const metadata = (name: string, change: object = {}) => ({
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '3',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ time: '2026-02-01T00:00:00Z' }],
      ...change,
    },
  });

  test('lists metadata alone, and leaves out what has no age', async () => {
    const items = [metadata('a'), metadata('b', { managedFields: undefined }), metadata('c')];
    const { client, calls } = await started(() => ({ body: { metadata: {}, items } }));
    const found: FinalRecord[] = [];
    for await (const record of kubernetesRetention(client).finalRecords('Approval')) found.push(record);
    expect(found.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(found[0]).toMatchObject({ resourceVersion: '3', changedAt: '2026-02-01T00:00:00Z' });
    expect(calls[0]?.accept).toContain('as=PartialObjectMetadataList');
    expect(calls[0]?.query.get('fieldSelector')).toBe('status.state!=');
  });

  test.each<[string, (call: Call) => Answer]>([
    [
      'was changed since it was listed',
      () => ({ body: { ...approval('a'), metadata: { name: 'a', resourceVersion: '4' } } }),
    ],
    ['was deleted', () => failure(404, 'not found')],
    ['cannot be read', ({ method }) => ({ body: method === 'GET' ? approval('a', { requestedAt: 'yesterday' }) : {} })],
  ])('has no last state of one that %s', async (_what, answer) => {
    const { client } = await started(answer);
    expect(await kubernetesRetention(client).lastState(finalRecord({ name: 'a' }))).toBeNull();
  });

  test('has no records where the API server has none, which it writes as null', async () => {
    const { client } = await started(() => ({ body: { metadata: {}, items: null } }));
    for await (const record of kubernetesRetention(client).finalRecords('Incident')) throw new Error(record.name);
    expect(await kubernetesRetention(client).openRecords()).toEqual({ incidents: new Set(), pods: new Set() });
  });

  test('deletes by uid and version', async () => {
    const { client, calls } = await started(() => ({ body: {} }));
    await kubernetesRetention(client).remove(
      finalRecord({ kind: 'NeoTask', name: 'a', uid: 'u', resourceVersion: '7' }),
    );
    expect(calls).toMatchObject([{ method: 'DELETE', path: expect.stringMatching(/\/neotasks\/a$/) as string }]);
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ preconditions: { uid: 'u', resourceVersion: '7' } });
  });
});
