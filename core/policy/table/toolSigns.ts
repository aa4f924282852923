import { CLEAR, PUBLIC, RARE, SEARCHERS, SHELLS, STARTS, TEMPORARY } from './patterns';
import type { Sign } from './sign';

const SHELL = String.raw`(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z|k)?sh`;
const INTERPRETER = String.raw`${STARTS}(?:python[\d.]*|perl|php\d*|ruby|node|lua)\s[^;|&]{0,64}-[a-z]{0,3}[cer]\s`;

/** Tools that intruders bring, and what they make of ordinary ones (GTFOBins, MITRE ATT&CK for Containers). */
export const TOOL_SIGNS: readonly Sign[] = [
  {
    ...CLEAR,
    name: 'shell_out_of_a_tool',
    meaning: 'an ordinary tool that is made to start a shell (GTFOBins)',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:[gm]?awk\s{1,4}["']?BEGIN\s{0,2}\{\s{0,2}system\(|find\s[^;|]{0,200}-exec\s{1,4}${SHELL}(?:\s{1,4}-[ip])?\s{1,4}\\?;|(?:vim?|view|ex|ed)\s[^;|]{0,64}:!\s{0,2}${SHELL}|tar\s[^;|]{0,200}--checkpoint-action=exec|zip\s[^;|]{0,200}-TT\s{1,4}["']?${SHELL}|env\s{1,4}${SHELL}\s{1,4}-p\b|nmap\s{1,4}--interactive\b)|${INTERPRETER}[^|]{0,64}(?:exec|execl|execv|execve|system|spawn)\s{0,2}\(?\s{0,2}["']${SHELL}["']`,
      ),
    ],
    unless: SEARCHERS,
  },
  {
    ...CLEAR,
    name: 'server_never_starts_shells',
    meaning: 'a shell below a server that has no use for one',
    fields: [
      [['proc.name'], SHELLS],
      [['proc.pname'], /^(?:nginx|caddy|envoy|traefik|coredns|mongod|memcached|etcd)$/],
    ],
    usualIfDeclared: undefined,
  },
  {
    ...CLEAR,
    name: 'web_shell',
    meaning: 'the text of a web shell, which runs what a request tells it to',
    all: [
      /<\?(?:php|=)[^>]{0,200}\b(?:system|exec|shell_exec|passthru|eval|assert|popen|proc_open)\s{0,2}\(|<%[^>]{0,200}\bgetRuntime\(\)\.exec\s{0,2}\(/i,
    ],
    unless: SEARCHERS,
  },
  {
    ...RARE,
    name: 'names_that_carry_data',
    meaning: 'a look-up of a name that is made of what a command prints, as data leaves by DNS',
    all: [
      /\b(?:nslookup|dig|host|ping)\s[^;|&]{0,200}(?:\$\((?!hostname)[^)]{1,200}\)|\x60(?!hostname)[^\x60]{1,200}\x60)\.\w/,
    ],
  },
  {
    ...CLEAR,
    name: 'network_swept',
    meaning: 'a search through a whole network, or through the ports of a machine',
    all: [
      /\b(?:ping|nc|ncat|netcat|curl|wget|nslookup|dig|fping|telnet|\/dev\/tcp\/)/,
      /\{1\.\.25[0-5]\}|\bseq\s{1,4}(?:1\s{1,4})?25[0-5]\b|\b(?:nc|ncat|netcat)\s(?:[^;|&]{0,100}\s)?-[a-z]{0,4}z[^;|&]{0,100}\s\d{1,5}-\d{2,5}\b|\bfping\s[^;|&]{0,64}-\w{0,4}g\b/,
    ],
  },
  {
    ...CLEAR,
    name: 'database_made_to_run',
    meaning: 'a command to a database that makes it run a program, or write one',
    all: [
      new RegExp(
        String.raw`\bFROM\s{1,4}PROGRAM\b|\bconfig\s{1,4}set\s{1,4}dir\s{1,4}\S{0,64}(?:cron|\.ssh|\/tmp|\/etc|\/www)|\b(?:slaveof|replicaof)\s{1,4}${PUBLIC}|\bmodule\s{1,4}load\s{1,4}${TEMPORARY}|\bxp_cmdshell\b|\bINTO\s{1,4}(?:OUT|DUMP)FILE\s{1,4}["']\S{0,100}(?:\.php|\.jsp|\.so|cron)`,
        'i',
      ),
    ],
    unless: SEARCHERS,
  },
  {
    ...CLEAR,
    name: 'intruders_program',
    meaning: 'a program that only intruders and those who test defences use',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:fscan|kscan|gs-netcat|merlin[Aa]gent\S{0,32}|sliver\S{0,32}|pupy\S{0,16}|pwncat\S{0,8}|suo5|npc\s{1,4}-server|crowbar|brutespray|netdiscover|nbtscan|enum4linux|impacket-\w{1,32}|cdk_linux_\w{1,16}|dnscat2?|iodine|ptunnel(?:-ng)?|icmptunnel|pingtunnel|udp2raw|microsocks|proxychains\d?|(?:[\w.-]{0,32}[_-])?cve[-_]20\d{2}[-_]\d{4,6}[\w.-]{0,32}|(?:[\w.-]{0,16}[_-])?(?:dirty(?:pipe|cow|cred)|pwnkit|looney)[\w.-]{0,16}|lolminer|nanominer|gminer|srbminer\S{0,16}|phoenixminer|teamredminer|bzminer|verusminer|hellminer)(?=$|[\s"';&|)])`,
        'i',
      ),
    ],
    unless: SEARCHERS,
  },
  {
    ...CLEAR,
    name: 'miner_wallet',
    meaning: "a wallet of Monero's, which miners work for",
    all: [/(?<![\w+/])[48][1-9A-HJ-NP-Za-km-z]{94}(?![\w+/=])/],
    unless: SEARCHERS,
  },
  {
    ...RARE,
    name: 'download_by_interpreter',
    meaning: 'a script that loads from an address without a name',
    all: [
      new RegExp(INTERPRETER),
      new RegExp(String.raw`\b(?:https?|ftp):\/\/${PUBLIC}`),
      /urlopen|urlretrieve|requests\.|http\.client|https?\.get|Net::HTTP|LWP::|open-uri|file_get_contents|fopen|copy\(|fetch\(/,
    ],
  },
  {
    ...CLEAR,
    name: 'setuid_exploit',
    meaning: 'the settings with which CVE-2023-4911 is exploited',
    fields: [[['proc.env', 'proc.cmdline'], /GLIBC_TUNABLES=(?:\S{0,200}:)?(glibc\.[\w.]{1,64}=)\1/]],
  },
  {
    ...RARE,
    name: 'removed_program',
    meaning: 'a program whose file was removed while it runs, as intruders do with theirs',
    fields: [[['proc.exepath', 'proc.exe'], /^\/\S{0,500} \(deleted\)$/]],
  },
  {
    ...CLEAR,
    name: 'shell_copied',
    meaning: 'a copy of a shell in a temporary folder or under a hidden name',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:cp|install)\s{1,4}(?:-\w{1,8}\s{1,4}){0,3}\/(?:usr\/)?bin\/(?:ba|da|z|k)?sh\s{1,4}(?:${TEMPORARY}|\S{0,100}\/\.\w)`,
      ),
    ],
  },
];
