import { BELOW, CLEAR, ENDS, RARE, SEARCHERS, SERVERS, STARTS, TEMPORARY } from './patterns';
import type { Sign } from './sign';

const started = (names: string): RegExp => new RegExp(`${STARTS}(?:${names})${ENDS}`);
/** They fire for just that, so that their own rows decide. */
const OF_PLACES = [
  'Drop and execute new binary in container',
  'Execution from /dev/shm',
  'Fileless execution via memfd_create',
] as const;

// "id -gn name" asks for a user's groups, as Hadoop does.
const LOOK = String.raw`(?:id(?=\s{0,4}(?:$|[;&|"']))|whoami|uname|hostname|ifconfig|ip\s{1,4}a\w{0,6}|ps\s{1,4}\S{1,4}|netstat|ss\s{1,4}-\w{1,6}|pwd|w|last|env|printenv|lscpu|nproc|cat\s{1,4}\/(?:etc|proc)\/\S{1,32}|ls\s{1,4}(?:-\w{1,6}\s{1,4})?\/\S{0,32})(?![\w-])`;

/** Programs: where they lie, what they are called, and who started them. */
export const PROGRAM_SIGNS: readonly Sign[] = [
  {
    ...RARE,
    name: 'program_in_temporary_folder',
    meaning: 'a program that lies in a temporary folder',
    // Not what installers of Python and AppImage, and Go's own builds unpack there.
    fields: [
      [['proc.exepath', 'proc.exe'], new RegExp(String.raw`^${TEMPORARY}(?!_MEI|go-build|\.mount_|onefile_|ansible)`)],
    ],
    exceptRules: OF_PLACES,
  },
  {
    ...RARE,
    name: 'script_in_temporary_folder',
    meaning: 'a script that is run from a temporary folder',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:(?:ba|da|a|z|k)?sh|python[\d.]*|perl|php\d*|ruby|node)\s{1,4}(?:-[a-z]{1,4}\s{1,4})?(?:\/dev\/shm\/\S|\/(?:var\/)?tmp\/(?:[^\s\/]{1,64}\/){0,3}\.[^\s\/]|\/(?:var\/)?tmp\/[^\s\/"';]{1,64}(?=$|[\s"';&|]))`,
      ),
    ],
    exceptRules: OF_PLACES,
  },
  {
    ...CLEAR,
    name: 'attack_tool',
    meaning: 'a tool that scans, guesses passwords, or breaks out of containers',
    all: [
      started(
        String.raw`masscan|nmap|zmap|zgrab2?|rustscan|naabu|nuclei|gobuster|ffuf|sqlmap|arpspoof|ettercap|bettercap|dsniff|[Rr]esponder(?:\.py)?\s{1,4}-I|hydra\s[^;|&]{0,100}-[lLpPC]|medusa\s[^;|&]{0,100}-[hHuUpPM]|ncrack|patator|kerbrute|crackmapexec|netexec|john|hashcat|mimipenguin|lazagne|peirates|kdigger|deepce(?:\.sh)?|amicontained|botb(?:-linux-\w{1,8})?|cdk\s{1,4}(?:evaluate|eva|run|auto-escape|kcurl|ectl|probe|netstat)|linpeas\S{0,16}|linenum\.sh|lse\.sh|pspy\d*|kubeletmein|kubeletctl|kube-hunter|traitor|msfconsole|msfvenom|meterpreter|sliver-client|kinsing|kdevtmpfsi`,
      ),
    ],
    unless: SEARCHERS,
  },
  {
    ...RARE,
    name: 'tunnel_by_hand',
    meaning: 'a tunnel to the outside that a shell or a server started',
    all: [
      started(
        String.raw`frpc|ngrok|gost|rathole|iox|stowaway\w{0,16}|(?:ligolo\w{0,16}|agent)\s[^;|&]{0,100}-connect|chisel\s{1,4}client|revsocks|earthworm|ew_\w{1,16}|cloudflared\s{1,4}tunnel`,
      ),
    ],
    fields: [[['proc.pname'], /^(?!containerd-shim|runc|crun|tini|dumb-init|s6-|supervisord|pause|systemd)/]],
    unless: SEARCHERS,
  },
  {
    ...CLEAR,
    name: 'attack_tools_installed',
    meaning: 'the installation of tools that scan or guess passwords',
    all: [
      /\b(?:apt|apt-get|apk|yum|dnf|microdnf|tdnf|zypper)\s[^;|&]{0,100}\b(?:install|add)\s[^;|&]{0,200}(?<=\s)(?:masscan|nmap|zmap|hydra|thc-hydra|medusa|ncrack|sqlmap|proxychains\w{0,4}|john|hashcat|dsniff|ettercap[\w-]{0,16}|metasploit\w{0,16}|netcat-traditional)(?=$|[\s"';&|])/,
    ],
  },
  {
    ...RARE,
    name: 'installer_below_server',
    meaning: 'a package manager that a web server started',
    fields: [
      [['proc.name'], /^(?:apt|apt-get|apk|dpkg|yum|dnf|microdnf|rpm)$/],
      [['proc.pname'], SERVERS],
    ],
  },
  {
    ...CLEAR,
    name: 'looks_around_below_server',
    meaning: 'a command with which an intruder looks around, started by a server',
    // "id -gn name" asks for a user's groups, as Hadoop does.
    all: [
      /(?:^|[;&|(]\s{0,4}|\s-c\s{1,4}["']?)(?:id|whoami)\s{0,4}(?:$|[;&|)"'])|\bcat\s[^;|&]{0,100}(?:\/etc\/(?:passwd|shadow)|wp-config\.php|\/\.env|\/environ)\b/,
    ],
    fields: [[['proc.pname', 'proc.aname[2]'], BELOW]],
  },
  {
    ...RARE,
    name: 'several_looks_below_server',
    meaning: 'several commands with which an intruder looks around, started by a server',
    all: [new RegExp(String.raw`(?:^|\s-c\s{1,4}["']?|[;&|]\s{0,4})${LOOK}[^;|&]{0,64}(?:;|&&|\|\|)\s{0,4}${LOOK}`)],
    fields: [[['proc.pname', 'proc.aname[2]'], BELOW]],
  },
  {
    ...RARE,
    name: 'download_below_server',
    meaning: 'a download into a temporary folder, or of a program or script, started by a server',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:curl|wget)\s[^;|&]{0,300}(?:${TEMPORARY}\S|\.(?:sh|pl|elf|bin|so|x86(?:_64)?|arm\d?|mips)(?=$|[\s"';&|?]))`,
      ),
    ],
    fields: [[['proc.pname', 'proc.aname[2]'], BELOW]],
  },
  {
    ...CLEAR,
    name: 'kernel_thread',
    meaning: 'a program with the name of a kernel thread, which containers do not have',
    fields: [[['proc.name', 'proc.cmdline'], /^\[[\w/:.+-]{2,32}\]$/]],
  },
  {
    ...CLEAR,
    name: 'disguised_interpreter',
    meaning: 'an interpreter with the command line of a server',
    fields: [
      [['proc.exepath'], /\/(?:perl[\d.]*|python[\d.]*)$/],
      [['proc.cmdline'], /^(?:\/usr)?(?:\/s?bin\/)(?:apache2|httpd|nginx|sshd|crond?|rsyslogd|dbus-daemon)\b/],
    ],
  },
  {
    ...RARE,
    name: 'user_namespace_by_hand',
    meaning: 'unshare, which makes a user namespace in which it is root, as exploits of the kernel need',
    all: [
      new RegExp(String.raw`${STARTS}unshare\s(?:[^;|&]{0,64}\s)?(?:-[a-zA-Z]{0,6}[Ur]|--user\b|--map-root-user\b)`),
    ],
  },
];
