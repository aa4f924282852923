import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { KubernetesObject } from '@kubernetes/client-node';

import { BY_NAMESPACE, EVERYWHERE } from '../cluster/digitalocean/participant/rights';
import { schema } from '../cluster/digitalocean/settings/schema';
import { loadManifests } from '../cluster/local/kubernetes/manifests';
import { objects, ROOT } from './support/manifests';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const SCENARIOS = read('WORKSHOP_SCENARIOS.md');
const WORKSHOP = read('docs/workshop.md');
const TEXTS = [
  ['WORKSHOP_SCENARIOS.md', SCENARIOS],
  ['docs/workshop.md', WORKSHOP],
] as const;

const NAMES = ['shell-in-pod', 'critical-cve', 'privileged-pod', 'resource-exhaustion'];

const blocks = (text: string): string[] =>
  [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gm)].map(([, block = '']) => block);

const inline = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** Every line that a person is told to run. */
const commands = (text: string): string[] => [...blocks(text).flatMap((block) => block.split('\n')), ...inline(text)];

function kubectl(text: string): string[] {
  return commands(text).flatMap((line) =>
    [...line.matchAll(/kubectl (?!…)([^#;]*)/g)].map(([, rest = '']) => rest.trim()),
  );
}

/** What charts and controllers make, by the names that the releases give it. */
const BY_CHARTS = [
  'deployment/falco-falcosidekick',
  'deployment/trivy-operator',
  'svc/kube-prometheus-stack-prometheus',
  'svc/kube-prometheus-stack-alertmanager',
  'svc/kube-prometheus-stack-grafana',
];

const KINDS: Record<string, string> = { deployment: 'Deployment', svc: 'Service', configmap: 'ConfigMap', pod: 'Pod' };

const isThere = (kind: string, name: string): boolean =>
  objects<KubernetesObject>(kind).some(({ metadata }) => metadata?.name === name);

test.each(TEXTS)("%s: every block of commands is a shell's", (_file, text) => {
  expect(blocks(text).length).toBeGreaterThan(3);
  for (const block of blocks(text)) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  }
});

test.each(TEXTS)('%s: what kubectl is asked for is there', (_file, text) => {
  const named = kubectl(text).flatMap((command) => [...command.matchAll(/\b(deployment|daemonset|svc)\/([\w-]+)/g)]);
  expect(named.length).toBeGreaterThan(1);
  for (const [reference, kind = '', name = ''] of named)
    if (!BY_CHARTS.includes(reference))
      expect([reference, isThere(KINDS[kind] ?? kind, name)]).toEqual([reference, true]);
});

test.each(TEXTS)("%s: namespaces are those of the manifests, or a chart's", (_file, text) => {
  const known = [
    ...objects<KubernetesObject>('Namespace').map(({ metadata }) => metadata?.name),
    'default',
    'trivy-system',
    'kyverno',
  ];
  const named = kubectl(text).flatMap((command) => [...command.matchAll(/ -n ([\w-]+)/g)].map(([, name]) => name));
  for (const name of named) expect(known).toContain(name);
});

test('pods that are entered by name are of the playground', () => {
  const entered = kubectl(SCENARIOS).flatMap((command) => [
    ...command.matchAll(/^exec -n playground (?:-it )?([\w-]+)/g),
  ]);
  expect(entered.length).toBeGreaterThan(3);
  for (const [, name = ''] of entered) expect(isThere('Pod', name)).toBe(true);
});

test('what is scaled and entered in default is what the manifests put there', async () => {
  const workshop = await loadManifests(join(ROOT, 'manifests/workshop'));
  const inDefault = workshop.map(({ metadata }) => `${metadata?.namespace ?? ''} ${metadata?.name ?? ''}`);
  const scaled = kubectl(`${SCENARIOS}${WORKSHOP}`).flatMap((command) => [
    ...command.matchAll(/^scale deployment\/([\w-]+) -n default/g),
  ]);
  expect(scaled.length).toBeGreaterThan(4);
  for (const [, name = ''] of scaled) expect(inDefault).toContain(`default ${name}`);
});

test('resources are exhausted by the commands that the manifest was made for', () => {
  const manifest = read('manifests/workshop/vulnerable-nginx.yaml');
  const written = [...manifest.matchAll(/^# +kubectl exec deployment\/vulnerable-nginx -- (.*?) +# \w+$/gm)].map(
    ([, command]) => command,
  );
  expect(written).toHaveLength(2);
  for (const command of written) expect(SCENARIOS).toContain(` -- ${command ?? ''}`);
});

describe.each(NAMES)('%s', (name) => {
  const [, section = ''] = new RegExp(`\n## ${name}\n([^]*?)(?=\n## |$)`).exec(SCENARIOS) ?? [];

  test('has commands by themselves and through ESC, hops, a way back and what can go wrong', () => {
    expect(blocks(section).join('')).toMatch(/^kubectl /m);
    expect(blocks(section).join('')).toMatch(/^pulumi env run (-i )?workshops\/access -- kubectl /m);
    expect(section).toContain('| hop |');
    expect(section).toContain('**Clean up**');
    expect(section).toContain('**What can go wrong**');
  });

  test('is the automated one, with its recorded report', () => {
    expect(section).toContain(`\`./deploy.sh --local --scenario ${name}\``);
    expect(existsSync(join(ROOT, 'cluster/local/scenarios', name, 'with-context.json'))).toBe(true);
  });

  test('asks for a terminal through ESC where kubectl does', () => {
    for (const line of blocks(section)
      .flatMap((block) => block.split('\n'))
      .filter((each) => each.startsWith('pulumi env run')))
      expect(line.includes('pulumi env run -i ')).toBe(line.includes(' -it '));
  });
});

test('the scenarios are all there are', () => {
  const folders = readdirSync(join(ROOT, 'cluster/local/scenarios'), { withFileTypes: true });
  const recorded = folders.filter((entry) => entry.isDirectory() && entry.name !== 'inputs').map((entry) => entry.name);
  expect(recorded.sort()).toEqual([...NAMES].sort());
});

describe('the alerts that are spoken of', () => {
  const rules = `${read('manifests/monitoring/detectors/prometheusrule.yaml')}${read('manifests/falco/pagerduty.yaml')}`;

  test.each(['CriticalVulnerabilityDetected', 'PolicyViolationDetected', 'PodMemoryExhaustion', 'PodCPUThrottling'])(
    '%s',
    (name) => {
      expect(SCENARIOS).toContain(`\`${name}\``);
      expect(rules).toContain(`alert: ${name}\n`);
    },
  );

  test.each(['Terminal shell in container', 'Shell Spawned in Container (Workshop)'])('%s', (name) => {
    expect(SCENARIOS).toContain(name);
    expect(rules).toContain(`rule: ${name} `);
  });
});

describe('the configuration', () => {
  const [, table = ''] = /\n## Configuration\n([^]*?)\n## /.exec(WORKSHOP) ?? [];
  const [, ...rows] = table.split('\n').filter((line) => line.startsWith('| `'));
  const firstCells = [table.split('\n').find((line) => line.startsWith('| `')) ?? '', ...rows].map(
    (row) => row.split(' | ')[0] ?? '',
  );
  const documented = firstCells.flatMap(inline);

  test('has a row for each key, and for no other', () => {
    expect([...documented].sort()).toEqual(Object.keys(schema.shape).sort());
  });

  test('is set by keys that there are', () => {
    const set = [...`${SCENARIOS}${WORKSHOP}`.matchAll(/pulumi config (?:set|get|rm) ([a-z][\w:-]+)/g)].map(
      ([, key]) => key,
    );
    expect(set.length).toBeGreaterThan(2);
    for (const key of set) expect(documented).toContain(key);
  });
});

test('logs of Falco are those of all nodes', () => {
  expect(SCENARIOS).toContain('`kubectl logs -n security -l app.kubernetes.io/name=falco -c falco --tail=-1 --prefix`');
  // Of a DaemonSet kubectl reads one pod.
  expect(kubectl(`${SCENARIOS}${WORKSHOP}`).filter((command) => /^logs .*daemonset\//.test(command))).toEqual([]);
});

describe('a participant', () => {
  /** What a command asks the API server for: verb, resource, namespace (empty: all), and name where rights have names. */
  function asked(command: string): [verb: string, resource: string, namespace: string, name?: string][] {
    const namespace = command.includes(' -A') ? '' : (/ -n ([\w-]+)/.exec(command)?.[1] ?? '');
    const [verb = '', object = ''] = command.replace(/^rollout status/, 'status').split(' ');
    const [kind = '', name] = object.split('/');
    switch (verb) {
      case 'get':
        return [['list', kind.replace(/^configmap$/, 'configmaps'), namespace]];
      case 'logs':
        return [
          ['list', 'pods', namespace],
          ['get', 'pods/log', namespace],
        ];
      case 'exec':
        return ['get', 'create'].map((each) => [each, 'pods/exec', namespace]);
      case 'port-forward':
        return ['get', 'create'].map((each) => [each, 'pods/portforward', namespace]);
      case 'scale':
        return [['patch', 'deployments/scale', namespace, name ?? '']];
      case 'status':
        return [['watch', 'deployments', namespace]];
      case 'delete':
        return [['delete', kind, namespace]];
      default:
        throw new Error(`What does kubectl ${command} ask for?`);
    }
  }

  const isAllowed = ([verb, resource, namespace, name]: ReturnType<typeof asked>[number]): boolean =>
    [...EVERYWHERE, ...(BY_NAMESPACE[namespace] ?? [])].some(
      ({ verbs, resources, resourceNames }) =>
        verbs.includes(verb) &&
        resources.includes(resource) &&
        (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
    );

  test('has the right to every command', () => {
    // What is only spoken of has no namespace.
    const given = kubectl(SCENARIOS).filter((command) => / -[nA]\b/.test(command));
    expect(given.length).toBeGreaterThan(25);
    const refused = given.filter((command) => !asked(command).every(isAllowed));
    expect(refused).toEqual([]);
  });

  test("is given no kubeconfig of the administrator's", () => {
    expect(SCENARIOS).toContain('pulumi stack output participantKubeconfig --show-secrets');
    expect(SCENARIOS).not.toMatch(/stack output kubeconfig/);
  });
});

describe('twenty stacks', () => {
  const recipe = blocks(WORKSHOP).find((block) => block.includes('pulumi stack init "p$n"')) ?? '';
  const STACKS = Array.from({ length: 20 }, (_, index) => `p${String(index + 1).padStart(2, '0')}`);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('end with n8n running in each: the first makes registry and image, the others find both', () => {
    const script = '#!/bin/sh\necho "$*" >>"$CALLS"\n[ "$1 $2" != "config get" ] || echo the-image\n';
    writeFileSync(join(folder, 'pulumi'), script, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, CALLS: join(folder, 'calls') };
    const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail'], { input: recipe, encoding: 'utf8', env });
    expect([status, stderr]).toEqual([0, '']);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    // The user who made the last stack would have it selected, and the first is the one that is worked on.
    const made = calls.filter((call) => call.startsWith('stack init'));
    expect(made).toEqual(STACKS.map((stack) => `stack init ${stack} --no-select`));
    const order = calls.filter((call) =>
      /^(up|stack select|env run|env set workshops\/security|config get)/.test(call),
    );
    expect(order.slice(0, 6)).toEqual([
      'stack select p01',
      'up --yes',
      'env run workshops/security -- ./push-image.sh',
      'config get n8n-image',
      'env set workshops/security pulumiConfig.n8n-image the-image',
      'up --yes',
    ]);
    expect(order.slice(6).sort()).toEqual(STACKS.slice(1).map((stack) => `up --yes --skip-preview --stack ${stack}`));
  });
});

test('the image is forgotten with its registry', () => {
  const [, tearDown = ''] = /\n## Tear it down\n([^]*?)\n## /.exec(WORKSHOP) ?? [];
  expect(inline(tearDown)).toEqual(
    expect.arrayContaining(['pulumi config rm n8n-image', 'pulumi env rm workshops/security pulumiConfig.n8n-image']),
  );
});

test('a kubeconfig that has ended is renewed by the cluster alone', () => {
  const refreshed = commands(WORKSHOP).filter((line) => line.includes('pulumi refresh'));
  expect(refreshed.length).toBeGreaterThan(0);
  const [, project = ''] = /^name: (\S+)$/m.exec(read('cluster/digitalocean/Pulumi.yaml')) ?? [];
  const [, name = ''] =
    /new digitalocean\.KubernetesCluster\(\s*'(\S+)'/.exec(read('cluster/digitalocean/cluster.ts')) ?? [];
  const cluster = `::${project}::digitalocean:index/kubernetesCluster:KubernetesCluster::${name}"`;
  for (const line of refreshed) expect(line).toMatch(new RegExp(`--target "urn:pulumi:.*${cluster}$`));
});

test("outputs that are asked for are the program's", () => {
  const program = read('cluster/digitalocean/program.ts');
  const asked = [...`${SCENARIOS}${WORKSHOP}`.matchAll(/pulumi stack output ([a-zA-Z]\w+)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(asked.length).toBeGreaterThan(4);
  for (const name of asked) expect(program).toMatch(new RegExp(`^ {2}${name}: `, 'm'));
});

test.each(TEXTS)('%s: its links lead to files', (file, text) => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(2);
  for (const link of links) expect([link, existsSync(join(ROOT, file, '..', link))]).toEqual([link, true]);
});
