import { BELOW, BY_DESIGN, PUBLIC, SHELLS, TEMPORARY } from './patterns';
import type { FieldMatch, Sign } from './sign';

/** Start scripts install, download and set up. Ten minutes later most of them are long done. */
const STARTED = 600;
const SHELL_NAMES = ['sh', 'ash', 'bash', 'dash', 'ksh', 'zsh', 'busybox'] as const;

/**
 * What a server at work does not do: its image has its programs and its users. A person by kubectl exec has a terminal, or the
 * container runtime as an ancestor. A pod whose specification starts a shell itself, for a probe or a loop, goes to a person.
 */
const LATE = {
  raisesTo: 'quarantine_pod',
  personFor: [...BY_DESIGN, { programs: SHELL_NAMES }],
  usualIfDeclared: true,
  after: STARTED,
} as const;

/** In a shell that neither a person nor the container's first process started, as far as is told; or by a server itself. */
const BY_SHELL: readonly FieldMatch[] = [
  [['proc.tty'], /^0$/],
  [['proc.pname'], SHELLS],
  [
    ['proc.aname[2]'],
    /^(?!containerd-shim|runc|crun|conmon|dockerd|systemd|tini|dumb-init|docker-init|s6-|supervisord|crond?$|supercronic|sshd|login)/,
  ],
];
const BY_SERVER: readonly FieldMatch[] = [
  [['proc.tty'], /^0$/],
  [['proc.pname'], BELOW],
];

/** Falco's rules about what installs, hides, searches or stays: MITRE ATT&CK for Containers, from execution to discovery. */
const NOT_OF_SERVERS = [
  'Adding ssh keys to authorized_keys',
  'Change namespace privileges via unshare',
  'Container Drift Detected (chmod)',
  'Container Drift Detected (open+create)',
  'Create Hardlink Over Sensitive Files',
  'Create files below dev',
  'Delete or rename shell history',
  'Find AWS Credentials',
  'Launch Package Management Process in Container',
  'Mkdir binary dirs',
  'Modify Shell Configuration File',
  'Modify binary dirs',
  'PTRACE anti-debug attempt',
  'Packet socket created in container',
  'Read environment variable from /proc files',
  'Read ssh information',
  'Schedule Cron Jobs',
  'Search Private Keys or Passwords',
  'Set Setuid or Setgid bit',
  'Update Package Repository',
  'User mgmt binaries',
  'Write below binary dir',
  'Write below monitored dir',
  'Write below rpm database',
] as const;

const METADATA = /169\.254\.169\.254\b|\bmetadata\.google\.internal\b|fd00:ec2::254/i;
/** Files with which an intruder stays or becomes root. */
const OF_SYSTEM =
  /^\/etc\/(?:passwd|g?shadow|group|sudoers|cron|ld\.so\.preload|pam\.d\/|profile|rc\.local|init\.d\/|systemd\/system\/|ssh\/)|^\/root\/\.(?:ssh\/|bash|profile|zsh)|^\/\.[^\/.]/;
const CONNECTORS =
  /^(?:(?:ba|da|a|z|k)?sh|nc|ncat|netcat|socat|telnet|openssl|busybox|cat|dd|tee|head|tail|base64|g?awk|mawk|sed|env|sleep|find|grep|ps|su)$/;

/** What only a container that has served for a while does not do. */
export const LATE_SIGNS: readonly Sign[] = [
  {
    ...LATE,
    name: 'late_work_in_shell',
    meaning: 'a shell without a terminal that does, long after the start, what a server at work does not',
    fields: BY_SHELL,
    rules: NOT_OF_SERVERS,
  },
  {
    ...LATE,
    name: 'late_work_of_server',
    meaning: 'a server that starts, long after its own start, what a server at work does not',
    fields: BY_SERVER,
    rules: NOT_OF_SERVERS,
  },
  {
    ...LATE,
    name: 'late_network_tool',
    meaning: 'a shell that joins, records or scans connections long after the start',
    fields: BY_SHELL,
    all: [/^(?:nc|ncat|netcat|socat|telnet|nmap|tcpdump|tshark|ngrep|dsniff)\s/],
    unless: /\s(?:127\.\d|localhost\b|::1\b)/,
    rules: ['Launch Suspicious Network Tool in Container'],
  },
  {
    ...LATE,
    name: 'late_client_without_rights',
    meaning: 'a client of the Kubernetes API, long after the start, in a pod without rights there',
    fields: BY_SHELL,
    rules: ['Kubernetes Client Tool Launched in Container'],
    when: { rights: ['none'] },
  },
  {
    ...LATE,
    name: 'late_system_file',
    meaning: "a shell that changes the system's own files long after the start",
    fields: [...BY_SHELL, [['fd.name'], OF_SYSTEM]],
    rules: ['Write below etc', 'Write below root'],
  },
  {
    ...LATE,
    name: 'late_hidden_file',
    meaning: 'a hidden file that a shell makes in a temporary folder long after the start',
    fields: [
      ...BY_SHELL,
      [
        ['fd.name', 'evt.arg.path', 'evt.arg.newpath', 'evt.arg.name', 'evt.arg.filename'],
        new RegExp(String.raw`^${TEMPORARY}\.(?!X|ICE|font|Test|XIM|org\.)`),
      ],
    ],
    rules: ['Create Hidden Files or Directories'],
  },
  {
    ...LATE,
    name: 'late_download',
    meaning: 'a download of a program or into a temporary folder, by a shell long after the start',
    fields: [
      ...BY_SHELL,
      [
        ['proc.cmdline'],
        new RegExp(
          String.raw`^(?:curl|wget|aria2c|ftp|tftp)\s[^;|&]{0,300}(?:${TEMPORARY}\S|\.(?:sh|pl|elf|bin|so|x86(?:_64)?|arm\d?|mips)(?=$|\s|\?))`,
        ),
      ],
    ],
  },
  {
    ...LATE,
    name: 'late_cloud_request',
    meaning: "a shell that asks for its node's data in the cloud long after the start",
    fields: BY_SHELL,
    all: [METADATA],
    // Handlers of interruptions ask all the time.
    unless: /\/spot\/|\binstance-action\b|rebalance|maintenance-event|preempted|scheduledevents/,
  },
  {
    ...LATE,
    name: 'late_connection',
    meaning: 'a shell or a tool of the base system that connects to the outside long after the start',
    fields: [...BY_SHELL, [['proc.name'], CONNECTORS], [['fd.name'], new RegExp(String.raw`->${PUBLIC}:\d`)]],
  },
];
