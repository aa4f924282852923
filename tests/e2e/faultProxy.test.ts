import { Agent, type Dispatcher, request } from 'undici';

import { type Cluster, connect, findPod, freshPod } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { ANNOTATIONS, LABELS, NAMESPACES, QUARANTINED_VALUE } from '../../core/names';
import { quarantinePolicy } from '../../core/response/quarantine';
import { FaultProxy } from './support/faultProxy';
import { caOf, responderAccess, tokenOf } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const POD = 'escalate-test';
const namespace = NAMESPACES.playground;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const POLICIES = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const LABEL = {
  metadata: {
    labels: { [LABELS.quarantined]: QUARANTINED_VALUE },
    annotations: { [ANNOTATIONS.originalLabels]: `app=${POD}` },
  },
};

interface Endpoint {
  server: string;
  caCertificate: string;
  token: string;
}

let cluster: Cluster;
let direct: Endpoint;
let proxy: FaultProxy;
let proxied: Endpoint;
let agent: Agent;

beforeAll(async () => {
  const access = responderAccess(await startStack());
  direct = { server: access.server, caCertificate: caOf(access), token: tokenOf(access) };
  cluster = connect();
  proxy = await FaultProxy.start(direct);
  proxied = { ...direct, server: proxy.url, caCertificate: proxy.caCertificate };
  agent = new Agent({ connect: { ca: [direct.caCertificate, proxied.caCertificate] } });
}, FIRST_START_MS);
afterAll(async () => {
  await agent.destroy();
  await proxy.close();
});

function call(
  { server, token }: Endpoint,
  method: Dispatcher.HttpMethod,
  path: string,
  body?: object,
  limitMs = 20_000,
): Promise<Dispatcher.ResponseData> {
  return request(server + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    body: body === undefined ? null : JSON.stringify(body),
    dispatcher: agent,
    signal: AbortSignal.timeout(limitMs),
  });
}

async function answer(access: Endpoint, method: Dispatcher.HttpMethod, path: string, body?: object) {
  const { statusCode, headers, body: content } = await call(access, method, path, body);
  const { 'content-type': type, 'cache-control': cache, 'retry-after': retryAfter } = headers;
  return { statusCode, type, cache, retryAfter, status: await content.json() };
}

test('passes on what it has no fault for, and keeps a record', async () => {
  await freshPod(cluster, POD);
  proxy.begin();
  expect(await answer(proxied, 'GET', `${PODS}/${POD}`)).toEqual(await answer(direct, 'GET', `${PODS}/${POD}`));
  expect(await answer({ ...proxied, token: 'wrong' }, 'GET', `${PODS}/${POD}?pretty=1`)).toMatchObject({
    statusCode: 401,
  });
  expect(proxy.calls).toMatchObject([
    { number: 1, method: 'GET', path: `${PODS}/${POD}`, occurrence: 1, injected: null },
    { number: 2, method: 'GET', path: `${PODS}/${POD}`, query: '?pretty=1', occurrence: 2, injected: null },
  ]);
});

test('conflicts are worded as the API server words its own', async () => {
  await freshPod(cluster, POD);
  const stale = { metadata: { resourceVersion: '1', ...LABEL.metadata } };
  for (const [method, path, body] of [
    ['POST', POLICIES, quarantinePolicy(namespace)],
    ['PATCH', `${PODS}/${POD}`, stale],
  ] as const) {
    proxy.begin([{ call: 1, fault: 409, when: 'before' }]);
    const real = await answer(direct, method, path, body);
    expect(real).toMatchObject({ statusCode: 409 });
    expect(await answer(proxied, method, path, body)).toEqual(real);
  }
});

test('too many requests say when to come back', async () => {
  proxy.begin([{ call: { method: 'GET' }, fault: 429, when: 'before' }]);
  expect(await answer(proxied, 'GET', `${PODS}/${POD}`)).toMatchObject({
    statusCode: 429,
    retryAfter: '1',
    status: {
      kind: 'Status',
      status: 'Failure',
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 1 },
      code: 429,
    },
  });
});

test.each(['reset', 'timeout', 500] as const)(
  '%s before a call keeps it from the API server, after a call only from the client',
  async (fault) => {
    for (const when of ['before', 'after'] as const) {
      await freshPod(cluster, POD);
      proxy.begin([{ call: { method: 'PATCH', occurrence: 1 }, fault, when }]);
      const patched = call(proxied, 'PATCH', `${PODS}/${POD}`, LABEL, fault === 'timeout' ? 1_000 : undefined);
      if (fault === 'reset') await expect(patched).rejects.toMatchObject({ code: 'ECONNRESET' });
      else if (fault === 'timeout') await expect(patched).rejects.toMatchObject({ name: 'TimeoutError' });
      else expect(await patched).toMatchObject({ statusCode: fault });
      const labels = (await findPod(cluster, POD))?.metadata?.labels ?? {};
      expect(Object.keys(labels).includes(LABELS.quarantined)).toBe(when === 'after');
    }
  },
);

test('from a lasting fault on nothing comes through', async () => {
  proxy.begin([{ call: 2, fault: 500, when: 'before', lasting: true }]);
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await call(proxied, 'GET', `${PODS}/${POD}`)).statusCode);
  expect(codes).toEqual([200, 500, 500, 500]);
});

test('a watch streams through', async () => {
  const name = 'fault-proxy-watch';
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:aggregate-to-view' },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
  await freshPod(cluster, POD);
  const granted = [account, binding];
  for (const object of granted) await cluster.objects.create(object);
  try {
    const { status } = await cluster.core.createNamespacedServiceAccountToken({
      name,
      namespace,
      body: { spec: { audiences: [] } },
    });
    proxy.begin();
    const { body } = await call(
      { ...proxied, token: status?.token ?? '' },
      'GET',
      `${PODS}?watch=1&fieldSelector=metadata.name%3D${POD}`,
    );
    let seen = '';
    body.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk));
    await until('the pod as it is', 10, () => Promise.resolve(seen.includes(POD) || undefined));
    expect(seen).not.toContain(LABELS.quarantined);
    await answer(direct, 'PATCH', `${PODS}/${POD}`, LABEL);
    await until('the change', 10, () => Promise.resolve(seen.includes(LABELS.quarantined) || undefined));
    body.on('error', () => undefined).destroy();
  } finally {
    for (const object of granted) await cluster.objects.delete(object);
  }
});
