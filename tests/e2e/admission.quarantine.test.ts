import {
  CoreV1Api,
  type KubeConfig,
  NetworkingV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1NetworkPolicySpec,
} from '@kubernetes/client-node';

import { configOf } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import { LABELS, QUARANTINE_POLICY } from '../../core/names';
import { QUARANTINE_POLICY_SPEC, quarantinePolicy } from '../../core/response/quarantine';
import { expectRefusal } from './support/admission';
import { dismissTenant, mightyResponderConfig, plainAdministratorConfig, tenantConfig } from './support/identities';
import { API_VERSION, RECORDS, recordsApi, REFUSALS } from './support/recordsApi';
import { FIRST_START_MS, startCluster } from './support/stack';

/** A namespace of the test's own, since it is deleted in the end. */
const namespace = `e2e-${Date.now()}`;
const name = QUARANTINE_POLICY;
const SELECTS = 'selects exactly the label security/quarantined';
const CLOSES = 'closes both directions and allows nothing';
const DELETED = 'is deleted by the group security:break-glass only, or with its namespace';
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

let tenant: NetworkingV1Api;
let administrator: NetworkingV1Api;
let breakGlass: NetworkingV1Api;

const networking = (config: KubeConfig) => config.makeApiClient(NetworkingV1Api);
const spec = (change: Partial<V1NetworkPolicySpec>) => ({ ...QUARANTINE_POLICY_SPEC, ...change });

beforeAll(async () => {
  await startCluster();
  await plainAdministratorConfig()
    .makeApiClient(CoreV1Api)
    .createNamespace({ body: { metadata: { name: namespace } } });
  tenant = networking(await tenantConfig(namespace));
  administrator = networking(plainAdministratorConfig());
  breakGlass = networking(configOf());
}, FIRST_START_MS);

const create = (api: NetworkingV1Api, body: object) => api.createNamespacedNetworkPolicy({ namespace, body });

const OPENINGS: [string, Partial<V1NetworkPolicySpec>, string][] = [
  ['lets something in', { ingress: [{}] }, CLOSES],
  ['lets something out', { egress: [{}] }, CLOSES],
  ['names one direction only', { policyTypes: ['Ingress'] }, CLOSES],
  ['selects another label', { podSelector: { matchLabels: { app: 'web' } } }, SELECTS],
  ['selects another value', { podSelector: { matchLabels: { [LABELS.quarantined]: 'no' } } }, SELECTS],
  [
    'selects fewer pods',
    { podSelector: { matchLabels: { ...QUARANTINE_POLICY_SPEC.podSelector.matchLabels, app: 'web' } } },
    SELECTS,
  ],
  [
    'selects fewer pods by an expression',
    {
      podSelector: {
        ...QUARANTINE_POLICY_SPEC.podSelector,
        matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }],
      },
    },
    SELECTS,
  ],
];

test.each(OPENINGS)('nobody creates a quarantine policy that %s', async (_what, change, message) => {
  const body = { metadata: { name }, spec: spec(change) };
  await expectRefusal(create(tenant, body), message);
  await expectRefusal(create(administrator, body), message);
  await expectRefusal(create(networking(mightyResponderConfig()), body), message);
});

test('a tenant creates the quarantine policy as it is, and others as ever', async () => {
  await create(tenant, quarantinePolicy(namespace));
  await create(tenant, { metadata: { name: 'open' }, spec: { podSelector: {}, ingress: [{}] } });
  await tenant.deleteNamespacedNetworkPolicy({ namespace, name: 'open' });
});

test.each(OPENINGS)('a tenant cannot change it to one that %s', async (_what, change, message) => {
  const body = { metadata: { name }, spec: spec(change) };
  await expectRefusal(tenant.replaceNamespacedNetworkPolicy({ namespace, name, body }), message);
  await expectRefusal(administrator.replaceNamespacedNetworkPolicy({ namespace, name, body }), message);
});

test('a tenant changes what does not open it', async () => {
  await tenant.patchNamespacedNetworkPolicy(
    { namespace, name, body: { metadata: { annotations: { note: 'x' } } } },
    MERGE,
  );
  expect((await tenant.readNamespacedNetworkPolicy({ namespace, name })).metadata?.annotations).toEqual({ note: 'x' });
});

test('a tenant deletes it neither by name nor with all others, nor does an administrator', async () => {
  await expectRefusal(tenant.deleteNamespacedNetworkPolicy({ namespace, name }), DELETED);
  await expectRefusal(tenant.deleteCollectionNamespacedNetworkPolicy({ namespace }), DELETED);
  await expectRefusal(administrator.deleteNamespacedNetworkPolicy({ namespace, name }), DELETED);
});

test('the break-glass group opens it, deletes it and brings it back', async () => {
  const open = { metadata: { name }, spec: spec({ egress: [{}] }) };
  await breakGlass.replaceNamespacedNetworkPolicy({ namespace, name, body: open });
  await breakGlass.deleteNamespacedNetworkPolicy({ namespace, name });
  await create(breakGlass, quarantinePolicy(namespace));
});

test('it goes with its namespace, and so do records', async () => {
  // What the namespace controller does, which does not run in every stack.
  const controller = configOf({
    user: 'system:serviceaccount:kube-system:namespace-controller',
    groups: ['system:masters'],
  });
  const [core, policies] = [controller.makeApiClient(CoreV1Api), networking(controller)];
  const [records, record] = [recordsApi(controller), { ...RECORDS, namespace, plural: 'responsepolicies' }];
  const body = { apiVersion: API_VERSION, kind: 'ResponsePolicy', metadata: { name: 'default' }, spec: {} };
  await records.createNamespacedCustomObject({ ...record, body });
  await expectRefusal(policies.deleteCollectionNamespacedNetworkPolicy({ namespace }), DELETED);
  await expectRefusal(records.deleteCollectionNamespacedCustomObject(record), REFUSALS.deleted);
  await dismissTenant(namespace);
  await core.deleteNamespace({ name: namespace });
  await until('the policies and records gone', 20, async () => {
    await policies.deleteCollectionNamespacedNetworkPolicy({ namespace });
    await records.deleteCollectionNamespacedCustomObject(record);
    const lists = [
      await policies.listNamespacedNetworkPolicy({ namespace }),
      (await records.listNamespacedCustomObject(record)) as { items: unknown[] },
    ];
    return lists.every(({ items }) => items.length === 0) || undefined;
  });
  await until('the namespace gone', 20, async () => {
    const { items } = await core.listNamespace({ fieldSelector: `metadata.name=${namespace}` });
    const [left] = items;
    if (!left) return true;
    left.spec = { finalizers: [] };
    await core.replaceNamespaceFinalize({ name: namespace, body: left });
    return undefined;
  });
});
