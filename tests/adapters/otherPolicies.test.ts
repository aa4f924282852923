import { connect } from '../../adapters/kubernetes/api/client';
import { readOtherPolicies } from '../../adapters/kubernetes/state/networkPolicies/otherPolicies';
import { textsOf } from '../../core/response/gap';
import { type OtherPolicies, otherGaps } from '../../core/response/networkReading';
import { type RunningServer, serve } from '../support/httpServer';

type Answer = [status: number, body: unknown] | 'hangs up';

const GROUPS = [
  { name: 'apps', versions: [{ version: 'v1', groupVersion: 'apps/v1' }] },
  { name: 'cilium.io', versions: [{ version: 'v2', groupVersion: 'cilium.io/v2' }] },
];
const resources = (...names: string[]): Answer => [
  200,
  {
    groupVersion: 'cilium.io/v2',
    resources: names.map((name) => ({ name, kind: 'K', namespaced: true, verbs: ['list'] })),
  },
];
const OPEN = { endpointSelector: {}, egress: [{ toEntities: ['world'] }] };
const POD = { namespace: 'shop', labels: { 'security/quarantined': 'true' }, serviceAccount: null };
const KINDS = '/apis/cilium.io/v2';
const LIST = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';

/** What a cluster with Cilium answers, and what a test has it answer instead. */
const USUAL: Record<string, Answer> = {
  '/apis': [200, { groups: GROUPS }],
  [KINDS]: resources('ciliumnetworkpolicies', 'ciliumendpoints'),
  [LIST]: [200, { metadata: {}, items: [{ metadata: { name: 'open' }, spec: OPEN }] }],
};

let server: RunningServer;
let answers: Record<string, Answer>;
let asked: string[];

// The client's package takes long to load on a busy machine.
beforeAll(() => import('@kubernetes/client-node'), 60_000);
beforeEach(async () => {
  answers = { ...USUAL };
  asked = [];
  server = await serve((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    asked.push(path.replace(/(?<=.)\/$/, ''));
    const answer = answers[path.replace(/(?<=.)\/$/, '')] ?? [404, { message: 'no such path' }];
    if (answer === 'hangs up') {
      request.socket.destroy();
      return;
    }
    const [status, body] = answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
afterEach(() => server.close());

async function read(changed: Record<string, Answer> = {}, watch = false): Promise<OtherPolicies> {
  answers = { ...USUAL, ...changed };
  const client = await connect(
    { server: server.url, certificate: { text: '' }, token: { text: 'token' } },
    { watch, callTimeoutMs: 2000 },
  );
  return readOtherPolicies(client, 'shop');
}

describe('readOtherPolicies()', () => {
  test('reads the kinds that the cluster has and that are looked for, and no others', async () => {
    expect(textsOf(otherGaps(await read(), POD))).toEqual([
      'CiliumNetworkPolicy open (cilium.io) selects the pod and allows some of its traffic',
    ]);
    expect(asked).toEqual(['/apis', KINDS, LIST]);
  });

  test('asks for nothing more where the cluster has none', async () => {
    expect(textsOf(otherGaps(await read({ '/apis': [200, { groups: GROUPS.slice(0, 1) }] }), POD))).toEqual([]);
    expect(asked).toEqual(['/apis']);
  });

  test.each<[string, Record<string, Answer>, 'unread' | 'unanswered', string]>([
    ['its kinds may not be listed', { '/apis': [403, { message: 'no' }] }, 'unread', 'was not found out'],
    ['the API server does not answer', { '/apis': 'hangs up' }, 'unanswered', 'was not found out'],
    [
      'an aggregated API is down',
      { [KINDS]: [503, { message: 'no endpoints' }] },
      'unanswered',
      'cilium.io were not read',
    ],
    [
      'its policies may not be listed',
      { [LIST]: [403, { message: 'cannot list resource' }] },
      'unread',
      'ciliumnetworkpolicies.cilium.io were not read and may allow traffic',
    ],
    ['its policies are not a list', { [LIST]: [200, { items: 'none' }] }, 'unread', 'not a list'],
    ['its policies do not come', { [LIST]: 'hangs up' }, 'unanswered', 'ciliumnetworkpolicies.cilium.io were not read'],
    [
      'there are more than are read',
      { [LIST]: [200, { metadata: { continue: 'x' }, items: [] }] },
      'unread',
      'only the first 500',
    ],
  ])('says so where %s, and never throws', async (_what, changed, where, clause) => {
    const found = await read(changed);
    expect(textsOf(found[where])).toEqual([expect.stringContaining(clause)]);
    expect(found[where === 'unread' ? 'unanswered' : 'unread']).toEqual([]);
    expect(textsOf(otherGaps(found, POD))).toEqual([expect.stringContaining(clause)]);
  });

  test('takes a kind that went away meanwhile for gone', async () => {
    expect(textsOf(otherGaps(await read({ [LIST]: [404, { message: 'gone' }] }), POD))).toEqual([]);
  });

  test('asks which kinds there are once', async () => {
    await read({}, true);
    await read({}, true);
    expect(asked.filter((path) => path === '/apis')).toHaveLength(1);
  });

  test('asks again which kinds there are where the answer failed', async () => {
    expect((await read({ '/apis': 'hangs up' }, true)).unanswered).toHaveLength(1);
    expect((await read({}, true)).policies).toHaveLength(1);
  });
});
