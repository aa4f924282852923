import { AuthorizationV1Api, type V1ResourceAttributes } from '@kubernetes/client-node';

import { rightsOf } from '../../cluster/kind/rightsOf';
import { NAMESPACES } from '../../core/names';
import rights from '../../manifests/token/responder-rights.json';
import { responderConfig } from './support/identities';
import { FIRST_START_MS, startCluster } from './support/stack';

let authorization: AuthorizationV1Api;

beforeAll(async () => {
  authorization = responderConfig(await startCluster()).makeApiClient(AuthorizationV1Api);
}, FIRST_START_MS);

/** All that the API server says the responder may do with resources of a namespace: "verb resource.group". */
async function rightsIn(namespace: string): Promise<string[]> {
  const { status } = await authorization.createSelfSubjectRulesReview({ body: { spec: { namespace } } });
  expect(status?.incomplete).toBe(false);
  return (status?.resourceRules ?? []).flatMap(rightsOf);
}

async function isAllowed(right: string, namespace?: string): Promise<boolean> {
  const [verb = '', named = ''] = right.split(' ');
  const [path = '', group = ''] = named.split(/\.(.*)/s);
  const [resource, subresource] = path.split('/');
  const resourceAttributes: V1ResourceAttributes = { verb, resource, subresource, group, namespace };
  const { status } = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  return status?.allowed ?? false;
}

const sorted = (...lists: string[][]) => [...new Set(lists.flat())].sort();

test.each([
  ['a namespace that opted in', NAMESPACES.playground, [rights.everyone, rights.cluster, rights.optedIn]],
  ['its own namespace', NAMESPACES.responder, [rights.everyone, rights.cluster, rights.own]],
  ['a namespace that did not opt in', 'default', [rights.everyone, rights.cluster]],
  ['an infrastructure namespace', 'kube-system', [rights.everyone, rights.cluster]],
  ['another infrastructure namespace', NAMESPACES.monitoring, [rights.everyone, rights.cluster]],
])('in %s the responder has these rights and no other', async (_what, namespace, lists) => {
  expect(sorted(await rightsIn(namespace))).toEqual(sorted(...lists));
});

test('in the whole cluster it has no right of those that it has in a namespace', async () => {
  const asked = sorted(rights.cluster, rights.optedIn, rights.own);
  const allowed = [];
  for (const right of asked) if (await isAllowed(right)) allowed.push(right);
  expect(allowed).toEqual(sorted(rights.cluster));
});

test.each([
  'create pods',
  'update pods',
  'patch pods/status',
  'create pods/exec',
  'patch pods/ephemeralcontainers',
  'deletecollection pods',
  'get secrets',
  'update namespaces',
  'delete networkpolicies.networking.k8s.io',
  'update networkpolicies.networking.k8s.io',
  'create rolebindings.rbac.authorization.k8s.io',
  'bind clusterroles.rbac.authorization.k8s.io',
  'impersonate groups',
  'create serviceaccounts/token',
  'deletecollection quarantines.incident-pipeline.internal',
  'deletecollection approvals.incident-pipeline.internal',
  'deletecollection neotasks.incident-pipeline.internal',
  'deletecollection incidents.incident-pipeline.internal',
  'delete responsepolicies.incident-pipeline.internal',
  'update incidents.incident-pipeline.internal',
  'update responsepolicies.incident-pipeline.internal',
  'create exceptions.incident-pipeline.internal',
  'update exceptions.incident-pipeline.internal',
  'patch exceptions.incident-pipeline.internal',
  'delete exceptions.incident-pipeline.internal',
])('nowhere may it %s', async (right) => {
  for (const namespace of [NAMESPACES.playground, NAMESPACES.responder, 'default', undefined])
    expect(await isAllowed(right, namespace)).toBe(false);
});
