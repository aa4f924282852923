import { setTimeout as pause } from 'node:timers/promises';

import type { CustomObjectsApi, KubernetesObject, V1Pod } from '@kubernetes/client-node';
import { RbacAuthorizationV1Api } from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import { decideApproval } from '../../app/approvals';
import { confirmExceptions, dueExceptions } from '../../app/exceptions/dueForReview';
import { type Cluster, configOf, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { until } from '../../cluster/local/process/wait';
import { type Exception, exceptionSchema, type ExceptionSpec } from '../../core/incident/exception';
import { CUSTOM_RESOURCES, LABELS, NAMESPACES } from '../../core/names';
import { falcoExport } from '../../core/policy/exceptions/falco';
import { falcoOverridesSchema } from '../support/falcoExceptions';
import { expectRefusal } from './support/admission';
import { committed, waitingIncident } from './support/approvals';
import { Browser, wordsOf } from './support/form';
import { mightyResponderConfig, plainAdministratorConfig, responderConfig } from './support/identities';
import { accepted, logged, query } from './support/incident';
import { N8n } from './support/n8n';
import { alertOn, createPods, deletePods } from './support/pods';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { API_VERSION, expectInvalid, patchRecord, RECORDS, recordsApi, setStatus } from './support/recordsApi';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const namespace = NAMESPACES.playground;
const plural = CUSTOM_RESOURCES.exceptions;
const DAY_MS = 24 * 3_600_000;
const PREFIX = 'e2e exceptions';

let stack: Stack;
let cluster: Cluster;
let responder: KubernetesClient;
let administrator: CustomObjectsApi;
let pods: V1Pod[] = [];
const made: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  responder = await connectResponder(stack);
  administrator = recordsApi(plainAdministratorConfig());
  await setPolicy(cluster, { budget: AMPLE });
  await forgetReservations(responder);
}, FIRST_START_MS);
afterEach(async () => {
  await deletePods(cluster, pods.splice(0));
  for (const name of made.splice(0)) await administrator.deleteNamespacedCustomObject({ ...RECORDS, plural, name });
});
afterAll(() => setPolicy(cluster, { budget: null }));

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const bodyOf = (name: string, change: Partial<ExceptionSpec> = {}) => ({
  apiVersion: API_VERSION,
  kind: 'Exception',
  metadata: { name },
  spec: {
    rule: 'Read sensitive file untrusted',
    match: { namespace, workload: { kind: 'Pod', name } },
    owner: 'ann@example.com',
    reason: 'a test',
    expiresAt: inDays(30),
    ...change,
  },
});

async function create(api: CustomObjectsApi, body: ReturnType<typeof bodyOf>): Promise<void> {
  await api.createNamespacedCustomObject({ ...RECORDS, plural, body });
  made.push(body.metadata.name);
}

/** An exception that n8n's watch has. */
async function except(pod: V1Pod, change: Partial<ExceptionSpec> = {}): Promise<string> {
  const name = pod.metadata?.name ?? '';
  await create(administrator, bodyOf(name, change));
  await pause(1000);
  return name;
}

const read = async (name: string): Promise<Exception> =>
  exceptionSchema.parse(await administrator.getNamespacedCustomObject({ ...RECORDS, plural, name }));

const onPods = async (prefix: string, count = 1): Promise<V1Pod[]> => (pods = await createPods(cluster, prefix, count));

/** What became of an alert, by its line in Loki. */
const outcome = async (alert: string) => logged(stack, await accepted(stack, alert));

/** How many Events have named an exception for the review; those of another run within the hour are still there. */
async function reportsOf(name: string): Promise<number> {
  const { items } = await cluster.core.listNamespacedEvent({ namespace: NAMESPACES.responder });
  return items.filter(({ reason, message }) => reason === 'ExceptionsDue' && message?.includes(name)).length;
}

describe('an exception that a person made', () => {
  test('ends the next alert that matches, in log, metrics and kubectl; another pod goes its way', async () => {
    const [excepted = {}, other = {}] = await onPods('excepted', 2);
    expect(await outcome(await alertOn('escalate-test', excepted))).toMatchObject({ decision: 'escalate' });
    const name = await except(excepted, {
      match: {
        namespace,
        workload: { kind: 'Pod', name: excepted.metadata?.name ?? '' },
        image: 'busybox',
        parent: 'sh',
        command: { operator: 'startswith', value: 'cat /etc/' },
      },
    });
    const before = await query(stack, 'sum(incident_pipeline_exception_total)');
    expect(await outcome(await alertOn('escalate-test', excepted))).toMatchObject({
      decision: 'ignore',
      classification: 'false_positive',
      exception: name,
      reason: expect.stringContaining(`Exception ${name} of ann@example.com`) as string,
      guardrails: [],
    });
    expect(await outcome(await alertOn('escalate-test', other))).toMatchObject({ decision: 'escalate' });
    await until('the metric', 30, async () =>
      (await query(stack, 'sum(incident_pipeline_exception_total)')) === before + 1 ? true : undefined,
    );
    const { status } = await until('the match counted', 20, async () => {
      const found = await read(name);
      return found.status.matches > 0 ? found : undefined;
    });
    expect(status).toMatchObject({ matches: 1, lastMatched: expect.any(String) as string });
  });

  test('of another command line ends nothing', async () => {
    const [pod = {}] = await onPods('another-command');
    await except(pod, {
      match: {
        namespace,
        workload: { kind: 'Pod', name: pod.metadata?.name ?? '' },
        command: { operator: '=', value: 'cat /etc/passwd' },
      },
    });
    expect(await outcome(await alertOn('escalate-test', pod))).toMatchObject({ decision: 'escalate' });
  });

  test('keeps nothing from being isolated that the playbook isolates', async () => {
    const [pod = {}] = await onPods('isolated-still');
    await except(pod, { rule: 'Contact K8S API Server From Container' });
    expect(await outcome(await alertOn('pod-quarantine-test', pod))).toMatchObject({
      response: { action: 'quarantine_pod', outcome: 'done' },
    });
    const { metadata } = await cluster.core.readNamespacedPod({ namespace, name: pod.metadata?.name ?? '' });
    expect(metadata?.labels).toHaveProperty([LABELS.quarantined], 'true');
  });

  test('counts for nothing once it has ended, or in another namespace than n8n', async () => {
    const [pod = {}] = await onPods('ended');
    const expiresAt = new Date(Date.now() + 15_000).toISOString();
    const name = await except(pod, { expiresAt });
    const elsewhere = { ...bodyOf(name), metadata: { name, namespace } };
    await cluster.objects.create(elsewhere as KubernetesObject);
    try {
      await until('its end', 30, () => Promise.resolve(Date.now() > Date.parse(expiresAt) || undefined));
      expect(await outcome(await alertOn('escalate-test', pod))).toMatchObject({ decision: 'escalate' });
    } finally {
      await cluster.objects.delete(elsewhere as KubernetesObject);
    }
  });

  test('that matched nothing for 30 days is named in the review until a person was notified, then once a week, and so is its end', async () => {
    const [pod = {}] = await onPods('unused');
    const name = await except(pod, { expiresAt: inDays(60) });
    const due = async (days: number, confirm = true) => {
      const at = new Date(Date.now() + days * DAY_MS);
      const found = await dueExceptions(clusterOf(responder), at);
      if (found !== null && confirm) await confirmExceptions(clusterOf(responder), found, at);
      return found?.exceptions ?? [];
    };
    const before = await reportsOf(name);
    expect(await due(29)).not.toContain(name);
    expect(await due(31, false)).toContain(name);
    expect(await due(31.005)).not.toContain(name);
    expect(await due(31.01)).toContain(name);
    expect(await due(33)).not.toContain(name);
    expect(await due(39)).toContain(name);
    expect(await due(61)).toContain(name);
    expect(await due(62)).not.toContain(name);
    expect((await reportsOf(name)) - before).toBe(4);
  });

  test("is exported as Falco's", async () => {
    const [pod = {}] = await onPods('exported');
    const name = await except(pod);
    const { items, exported } = falcoExport(await clusterOf(responder).listExceptions(), new Date());
    expect(falcoOverridesSchema.parse(items)).toContainEqual(
      expect.objectContaining({ rule: 'Read sensitive file untrusted', override: { exceptions: 'append' } }),
    );
    expect(exported.map((one) => one.name)).toContain(name);
  });
});

describe('who makes exceptions', () => {
  const AUTHOR = { user: 'author@example.com', groups: [] };
  const EDITOR = { user: 'editor@example.com', groups: [] };
  const rbac = () => configOf().makeApiClient(RbacAuthorizationV1Api);
  const bind = (name: string, kind: string, role: string, user: string) =>
    rbac().createNamespacedRoleBinding({
      namespace: RECORDS.namespace,
      body: {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
      },
    });
  beforeAll(async () => {
    await bind('e2e-author', 'Role', 'exception-author', AUTHOR.user);
    await bind('e2e-editor', 'ClusterRole', 'edit', EDITOR.user);
  });
  afterAll(async () => {
    for (const name of ['e2e-author', 'e2e-editor'])
      await rbac().deleteNamespacedRoleBinding({ namespace: RECORDS.namespace, name });
  });

  test('those who have the role; the right to edit everything else in the namespace is not enough', async () => {
    const author = recordsApi(configOf(AUTHOR));
    await create(author, bodyOf('by-author'));
    await author.deleteNamespacedCustomObject({ ...RECORDS, plural, name: 'by-author' });
    made.pop();
    await expectRefusal(create(recordsApi(configOf(EDITOR)), bodyOf('by-editor')), 'cannot create resource');
  });

  test('never the responder, whichever rights it has', async () => {
    const message = 'n8n-responder makes and changes no Exception';
    await expectRefusal(create(recordsApi(responderConfig(stack)), bodyOf('by-token')), 'cannot create resource');
    const mighty = recordsApi(mightyResponderConfig());
    await expectRefusal(create(mighty, bodyOf('by-token')), message);
    await create(administrator, bodyOf('kept'));
    // What it says is held by its schema, whose rules come before admission policies.
    for (const spec of [{ expiresAt: inDays(80) }, { match: { namespace, workload: null, image: 'busybox' } }])
      await expectInvalid(patchRecord(mighty, plural, 'kept', { spec }), 'does not change');
    await expectRefusal(patchRecord(mighty, plural, 'kept', { metadata: { labels: { a: 'b' } } }), message);
  });

  test('and nobody changes one, or writes what it matched', async () => {
    await create(administrator, bodyOf('fixed'));
    await expectInvalid(
      patchRecord(administrator, plural, 'fixed', { spec: { expiresAt: inDays(80) } }),
      'does not change',
    );
    await expectRefusal(setStatus(administrator, plural, 'fixed', { matches: 1 }), 'written by n8n-responder only');
    await setStatus(recordsApi(responderConfig(stack)), plural, 'fixed', { matches: 1 });
    expect((await read('fixed')).status.matches).toBe(1);
  });

  test.each<[string, Partial<ExceptionSpec>, string]>([
    ['the past', { expiresAt: inDays(-1) }, 'at most 90 days'],
    ['more than 90 days', { expiresAt: inDays(90.01) }, 'at most 90 days'],
    ['a whole rule', { match: { namespace } }, 'name a workload or an image'],
    [
      'a command line alone',
      { match: { namespace, command: { operator: 'glob', value: '*' } } },
      'name a workload or an image',
    ],
    ['another source', { source: 'alertmanager' as 'falco' }, 'Unsupported value'],
    [
      'a regular expression',
      { match: { namespace, image: 'a', command: { operator: 'regex' as '=', value: '(a+)+' } } },
      'Unsupported value',
    ],
  ])('not for %s', async (_what, change, message) => {
    await expect(create(administrator, bodyOf('refused', change))).rejects.toMatchObject({
      code: 422,
      body: expect.stringContaining(message) as string,
    });
  });

  test('kubectl get exceptions shows what a person asks for', async () => {
    const { additionalPrinterColumns } = await columns();
    expect(additionalPrinterColumns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name)).toEqual([
      'Rule',
      'Namespace',
      'Workload',
      'Image',
      'Owner',
      'Expires',
      'Last Matched',
      'Matches',
    ]);
  });

  async function columns() {
    const definition = await cluster.objects.read<Definition>({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${CUSTOM_RESOURCES.group}` },
    });
    return definition.spec.versions[0];
  }
});

/** The definition of a custom resource, as far as it is looked at here. */
type Definition = KubernetesObject & {
  spec: { versions: [{ additionalPrinterColumns: { name: string; priority?: number }[] }] };
};

test('the page gives, for a false positive, the command that makes its exception', async () => {
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  const { name } = await waitingIncident(n8n, stack, cluster);
  const workflow = await committed(n8n, stack, 'false-positive-exception.json');
  const path = 'e2e-exception';
  for (const node of workflow.nodes)
    if (node.type.endsWith('formTrigger')) Object.assign(node.parameters.options as object, { path });
  await n8n.publish({ ...workflow, name: `${PREFIX} page` });
  const url = `${stack.urls.n8n}/form/${path}`;
  const nobody = new Browser(stack.urls.n8n);
  await until(`the form ${path}`, 20, async () => ((await nobody.get(url)).status === 404 ? undefined : true));
  const person = await Browser.owner(stack);
  const ask = async () =>
    wordsOf(
      await person.next(
        await person.submit(await person.open(url), [
          name,
          ['Workload', 'Command line'],
          "the nightly 'backup'",
          '30',
          '',
        ]),
      ),
    );
  try {
    expect(await ask()).toContain('was not decided as a false positive');
    const verdict = { choice: 'ignore', by: 'ann@example.com', via: 'form' } as const;
    await decideApproval(clusterOf(responder), name, verdict, new Date());
    const words = await ask();
    const [, json = ''] = /printf '%s' '(\{.*\})' \| kubectl apply -f -/.exec(words) ?? [];
    const body = JSON.parse(json) as ReturnType<typeof bodyOf>;
    expect(body.spec).toMatchObject({
      rule: 'Read sensitive file untrusted',
      match: {
        namespace,
        workload: { kind: 'Pod', name: 'escalate-test' },
        command: { operator: '=', value: 'cat /etc/shadow' },
      },
      owner: stack.login.email,
      reason: "the nightly 'backup'",
    });
    await create(administrator, body);
  } finally {
    await n8n.deleteWorkflows(PREFIX);
  }
}, 120_000);
