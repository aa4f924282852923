import type { V1Pod } from '@kubernetes/client-node';

import type { FactContainer, FactPod } from '../../core/facts/factPod';
import { shownFacts } from '../../core/facts/lines';
import { podFacts } from '../../core/facts/podFacts';
import { RIGHTS_ASKED } from '../../core/facts/rights';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { rosesPrompt } from '../../core/analysis/prompt';
import { contextSchema } from '../../core/incident/context';
import { MOST_LINES } from '../../core/incident/analysis';
import { podFactsSchema } from '../../core/incident/podFacts';
import { approvalSchema, newApproval } from '../../core/response/approval';
import { approvalSpec } from '../../core/response/approvalItem';
import { summaryOf } from '../../core/response/approvalSummary';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { answering, CONTAINER_ID, factPod } from '../support/pods';

const alert = alertOf('pod-quarantine-test');
const factsOf = (pod: FactPod, fields: Record<string, string> = {}, container: string | null = 'shell') =>
  podFacts({
    alert: {
      fields: { ...alert.fields, ...fields },
      time: '2026-11-21T09:10:01Z',
      target: alert.target === null ? null : { ...alert.target, container },
    },
    pod,
    rights: answering(),
    history: null,
  });

const main: FactContainer = { name: 'web', image: 'web' };
const ids = (name: string) => [{ name, containerID: `containerd://${CONTAINER_ID}` }];

test('podFacts() takes a Pod of the API server and gives what its schema says', () => {
  const pod: V1Pod = { status: { containerStatuses: [] } };
  expect(podFactsSchema.parse(factsOf(pod))).toMatchObject({ container: { kind: 'unknown' }, owner: null });
  expect(podFactsSchema.parse(factsOf(factPod()))).toMatchObject({
    container: {
      kind: 'container',
      name: 'shell',
      pinned: false,
      restarts: 2,
      startedAt: '2026-11-21T09:00:01.000Z',
      ranSeconds: 600,
    },
    owner: 'ReplicaSet',
    runsOnce: false,
    serviceAccount: { name: 'web', own: true, tokenMounted: true, rights: 'none', may: [] },
    access: [],
    missing: ['earlier incidents of the rule and what people decided'],
  });
});

test.each([
  ['docker.io/library/busybox@sha256:', 'containerd'],
  ['docker-pullable://busybox@sha256:', 'Docker'],
  ['sha256:', 'CRI-O'],
])('the digest of the running image is read from %s…, as %s writes it', (before) => {
  const digest = 'c'.repeat(64);
  const pod = (imageID: string): FactPod => ({
    spec: { containers: [{ name: 'shell' }] },
    status: { containerStatuses: [{ name: 'shell', imageID }] },
  });
  expect(factsOf(pod(`${before}${digest}`)).container.digest).toBe(`sha256:${digest}`);
  for (const unknown of ['', 'busybox:1.37.0', `${before}${digest}0`])
    expect(factsOf(pod(unknown)).container).not.toHaveProperty('digest');
});

test.each<[string, NonNullable<FactPod['status']>['containerStatuses'], number | null]>([
  ['runs', [{ name: 'web', state: { running: { startedAt: '2026-11-21T09:00:01Z' } } }], 600],
  [
    'was started again after the alert',
    [
      {
        name: 'web',
        restartCount: 1,
        state: { running: { startedAt: '2026-11-21T09:10:03Z' } },
        lastState: { terminated: { startedAt: '2026-11-21T09:05:01Z' } },
      },
    ],
    300,
  ],
  ['has ended', [{ name: 'web', state: { terminated: { startedAt: new Date('2026-11-21T09:00:01Z') } } }], 600],
  ['started after the alert', [{ name: 'web', state: { running: { startedAt: '2026-11-21T09:10:03Z' } } }], null],
  ['has no status', [], null],
])('podFacts() knows how long a container had run that %s', (_what, containerStatuses, expected) => {
  const facts = factsOf({ spec: { containers: [main] }, status: { containerStatuses } }, {}, 'web');
  expect(facts.container.ranSeconds).toBe(expected);
});

test('the programs that the specification starts are known, by their names, whatever the alert says', () => {
  const containers = [
    {
      name: 'shell',
      command: ['/usr/bin/nc', '-lk', '-p', '8086'],
      livenessProbe: { exec: { command: ['sh', '-c', 'nc -z 127.0.0.1 8086'] } },
      lifecycle: { preStop: { exec: { command: ['/usr/bin/nc', '-h'] } } },
    },
  ];
  expect(factsOf(factPod({ spec: { containers } }), { 'proc.cmdline': 'xinetd' }).programs).toEqual(['nc', 'sh']);
  expect(factsOf(factPod()).programs).toEqual([]);
});

describe('the container of an alert', () => {
  const kindOf = (
    spec: Partial<FactPod['spec'] & object>,
    status: FactPod['status'],
    container: string | null = null,
  ) => factsOf(factPod({ spec: { containers: [main], ...spec }, status }), {}, container).container.kind;

  test.each<[string, string, Partial<FactPod['spec'] & object>, FactPod['status'], string | null]>([
    ['by its id', 'container', {}, { containerStatuses: ids('web') }, null],
    ['by its id', 'init', { initContainers: [{ name: 'get' }] }, { initContainerStatuses: ids('get') }, null],
    [
      'by its id, of a sidecar',
      'container',
      { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
      { initContainerStatuses: ids('proxy') },
      null,
    ],
    [
      'by its id',
      'ephemeral',
      { ephemeralContainers: [{ name: 'debugger-1' }] },
      { ephemeralContainerStatuses: ids('debugger-1') },
      null,
    ],
    [
      'by its id before it restarted',
      'init',
      { initContainers: [{ name: 'get' }] },
      {
        initContainerStatuses: [
          { name: 'get', lastState: { terminated: { containerID: `containerd://${CONTAINER_ID}` } } },
        ],
      },
      null,
    ],
    ['by its name alone', 'init', { initContainers: [{ name: 'get' }] }, {}, 'get'],
    ['as the only one', 'container', {}, {}, null],
    ['as none of two', 'unknown', { initContainers: [{ name: 'get' }] }, {}, null],
    ['as none of its name', 'unknown', {}, {}, 'another'],
    [
      'as none where id and name are those of two',
      'unknown',
      { initContainers: [{ name: 'get' }] },
      { initContainerStatuses: ids('get') },
      'web',
    ],
  ])('is found %s: %s', (_how, expected, spec, status, container) => {
    expect(kindOf(spec, status, container)).toBe(expected);
  });

  test('is not taken for known by the beginning of an id that is too short', () => {
    const pod = factPod({
      spec: { containers: [main], initContainers: [{ name: 'get' }] },
      status: { initContainerStatuses: ids('get') },
    });
    expect(factsOf(pod, { 'container.id': '3f9c' }, null).container.kind).toBe('unknown');
  });

  test.each([
    [`web@sha256:${'a'.repeat(64)}`, true],
    ['web:1.0', false],
    ['web@sha256:short', false],
  ])('has the image %s pinned: %s', (image, pinned) => {
    expect(factsOf(factPod({ spec: { containers: [{ name: 'shell', image }] } })).container.pinned).toBe(pinned);
  });
});

describe('a command line', () => {
  const declaredBy = (container: Partial<FactContainer>, cmdline: string) =>
    factsOf(factPod({ spec: { containers: [{ name: 'shell', ...container }] } }), { 'proc.cmdline': cmdline }).declared;

  test.each<[string, Partial<FactContainer>, string, string | null]>([
    ['command', { command: ['/usr/bin/java', '-jar'], args: ['/app.jar'] }, 'java -jar /app.jar', 'command'],
    ['arguments of an image', { args: ['--port', '80'] }, 'server --port 80', 'command'],
    ['liveness probe', { livenessProbe: { exec: { command: ['/bin/sh', '-c', 'x'] } } }, 'sh -c x', 'liveness_probe'],
    ['readiness probe', { readinessProbe: { exec: { command: ['check'] } } }, 'check', 'readiness_probe'],
    ['startup probe', { startupProbe: { exec: { command: ['check', 'a'] } } }, 'check a', 'startup_probe'],
    [
      'postStart hook',
      { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'y'] } } } },
      'sh -c y',
      'post_start_hook',
    ],
    ['preStop hook', { lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } }, 'sleep 5', 'pre_stop_hook'],
    ['nothing', { command: ['sh'] }, 'sh -c id', null],
    ['nothing', {}, '', null],
  ])('is declared as %s', (_where, container, cmdline, expected) => {
    expect(declaredBy(container, cmdline)).toBe(expected);
  });

  test('is compared as masked as an alert has it', () => {
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
    const { fields } = normaliseAlert(
      payload('pod-quarantine-test', {}, { 'proc.cmdline': `curl ${secret}` }),
      RECEIVED_AT,
      'kernel',
    );
    expect(fields['proc.cmdline']).not.toContain(secret);
    expect(declaredBy({ command: ['curl', secret] }, String(fields['proc.cmdline']))).toBe('command');
  });
});

describe('a ServiceAccount', () => {
  const accountOf = (spec: FactPod['spec'], ...granted: string[]) =>
    podFacts({ alert, pod: { spec }, rights: answering(...granted), history: null }).serviceAccount;

  test.each<[string, FactPod['spec'], boolean | null]>([
    ['by the volume of the API server', factPod().spec, true],
    [
      'by its path',
      { containers: [{ ...main, volumeMounts: factPod().spec?.containers?.[0]?.volumeMounts ?? [] }] },
      true,
    ],
    [
      'by a projected volume of its own, although the usual one is refused',
      {
        automountServiceAccountToken: false,
        containers: [{ ...main, volumeMounts: [{ name: 'vault', mountPath: '/vault' }] }],
        volumes: [{ name: 'vault', projected: { sources: [{ serviceAccountToken: {} }] } }],
      },
      true,
    ],
    ['not: the pod refuses it', { automountServiceAccountToken: false, containers: [main] }, false],
    ['as its ServiceAccount says', { containers: [main] }, null],
  ])('mounts a token %s', (_how, spec, expected) => {
    expect(accountOf(spec).tokenMounted).toBe(expected);
  });

  test.each([
    [[], 'none'],
    [['list pods'], 'own'],
    [['get leases.coordination.k8s.io'], 'own'],
    [['list secrets in the cluster', 'list pods'], 'powerful'],
    [['* * in the cluster'], 'powerful'],
    [['create pods/exec in the cluster'], 'powerful'],
  ])('that may %j has rights: %s', (granted, expected) => {
    expect(accountOf(factPod().spec, ...granted)).toMatchObject({ rights: expected, may: granted.map(inWords) });
  });

  test('is the default one where the pod names none', () => {
    expect(accountOf({})).toMatchObject({ name: 'default', own: false });
  });

  test('whose rights were not all answered is not known to have none; a yes among them counts', () => {
    const answers = RIGHTS_ASKED.map(({ resource }) => (resource === 'configmaps' ? true : null));
    const none = RIGHTS_ASKED.map((_, index) => (index === 0 ? null : false));
    const facts = (rights: (boolean | null)[] | null) => podFacts({ alert, pod: factPod(), rights, history: null });
    for (const rights of [null, none, answers]) {
      expect(facts(rights).serviceAccount.rights).toBe('unknown');
      expect(facts(rights).missing).toContain("what the pod's ServiceAccount may do");
    }
  });

  const inWords = (right: string) => (right.endsWith('the cluster') ? right : `${right} in its namespace`);
});

test.each<[FactPod, boolean]>([
  [factPod(), false],
  [factPod({ metadata: { ownerReferences: [{ kind: 'Job', controller: true }] } }), true],
  [factPod({ metadata: { ownerReferences: [{ kind: 'Job' }] } }), false],
  [factPod({ spec: { restartPolicy: 'Never' } }), true],
])('podFacts() says whether a pod runs to its end', (pod, expected) => {
  expect(factsOf(pod).runsOnce).toBe(expected);
});

test('shownFacts() says what is known and what is not, in at most four bounded lines', () => {
  const named = `sh -c ${'x'.repeat(500)}`;
  const pod = factPod({
    spec: { containers: [{ name: 'shell', command: ['sh', '-c', 'x'.repeat(500)] }], hostPID: true },
  });
  const facts = podFacts({
    alert: { ...alert, fields: { ...alert.fields, 'proc.cmdline': named } },
    pod,
    rights: answering('list pods', 'get secrets'),
    history: { incidents: 3, workloads: 1, falsePositives: 2, truePositives: 0 },
  });
  const text = shownFacts(facts)
    .map(({ name, value }) => `${name}: ${value}`)
    .join('\n');
  expect(text).toContain('rights: own (list pods in its namespace, get secrets in its namespace)');
  expect(text).toContain("is that of the container's command, which a program can imitate");
  expect(text).toContain('access to its node: host_pid');
  expect(text).toContain('2 no attack, 0 an attack');
  const unknown = shownFacts(podFacts({ alert, pod: {}, rights: null, history: null }));
  expect(unknown).toHaveLength(4);
  expect(unknown.at(-1)).toMatchObject({ name: 'Not known' });
  for (const { value } of [...shownFacts(facts), ...unknown]) expect(value.length).toBeLessThanOrEqual(400);
});

describe('the facts are shown', () => {
  const facts = factsOf(factPod());
  const context = { ...contextOf(alert), facts };

  test('to a model, before anything else of the pod', () => {
    const [, [, data] = ['human', '']] = rosesPrompt(alert, contextSchema.parse(context));
    expect(data.indexOf('"facts"')).toBeGreaterThan(data.indexOf('<context>'));
    expect(data.indexOf('"facts"')).toBeLessThan(data.indexOf('"pod":{'));
  });

  test('in the analysis without a model', () => {
    const { evidence } = analyseWithoutModel(alert, context);
    expect(evidence).toContain('fact about the pod, ServiceAccount: web, token mounted, rights: none');
  });

  test('and leaves no analysis with more lines than one may have', () => {
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`further.field${index}`, 'value']));
    const { evidence } = analyseWithoutModel({ ...alert, fields: { ...alert.fields, ...fields } }, context);
    expect(evidence).toHaveLength(MOST_LINES);
    expect(evidence.at(-1)).toBe('workload: none');
  });

  test('to the person who decides', () => {
    const spec = approvalSpec({ alert, context }, 8, RECEIVED_AT);
    expect(spec.facts?.length).toBeLessThanOrEqual(16);
    const approval = approvalSchema.parse({ ...newApproval(spec), metadata: { name: 'a', resourceVersion: '1' } });
    const { lines, message } = summaryOf(approval);
    expect(lines).toContainEqual({ name: 'ServiceAccount', value: 'web, token mounted, rights: none' });
    expect(message).toContain('ServiceAccount');
  });

  test('to the person who decides, no row twice', () => {
    const containers = (seen: typeof facts) =>
      approvalSpec({ alert, context: { ...context, facts: seen } }, 8, RECEIVED_AT)
        .facts?.filter(({ name }) => name === 'Container')
        .map(({ value }) => value);
    expect(containers(facts)).toEqual([expect.stringMatching(/^shell, running since/)]);
    const unknown = { ...facts, container: { ...facts.container, kind: 'unknown' as const, name: null } };
    expect(containers(unknown)).toEqual(['shell', expect.stringContaining('not identified')]);
  });
});
