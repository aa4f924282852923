import { CLEAR, DATABASES, PUBLIC, RARE, SERVERS, SHELLS, STARTS, TEMPORARY } from './patterns';
import type { Sign } from './sign';

const HASHES = /^\/etc\/g?shadow-?$/;
const SECRETS = /^\/etc\/(?:g?shadow-?|sudoers)$|\/\.ssh\/id_(?:rsa|dsa|ecdsa|ed25519)$|^\/proc\/\d{1,8}\/environ$/;
const READERS =
  /^(?:cat|tac|awk|gawk|mawk|sed|less|more|head|tail|strings|cut|tr|xxd|od|base64|cp|dd|grep|vi|vim|nano)$/;

/** Files: what is read, searched, changed and removed. */
export const FILE_SIGNS: readonly Sign[] = [
  {
    ...RARE,
    name: 'secret_read_in_shell',
    meaning: "account data, a private key or another program's environment, read by a tool in a shell",
    fields: [
      [['fd.name'], SECRETS],
      [['proc.name'], READERS],
      [['proc.pname'], SHELLS],
      // A shell that the container runtime started is a person's, by kubectl exec: the audit log names who.
      [['proc.aname[2]'], /^(?!containerd-shim|runc|crun|conmon|dockerd|systemd)./],
    ],
  },
  {
    ...RARE,
    name: 'secret_packed_below_server',
    meaning: 'account data, packed or copied by a command that a server started',
    fields: [
      [['fd.name'], SECRETS],
      [['proc.name'], /^(?:tar|zip|gzip|cp|cpio|rsync|busybox)$/],
      [['proc.pname', 'proc.aname[2]', 'proc.aname[3]'], SERVERS],
    ],
  },
  {
    ...RARE,
    name: 'hashes_read_by_server',
    meaning: "a server that reads its container's password hashes, for which it has no use",
    fields: [
      [['fd.name'], HASHES],
      [['proc.name'], new RegExp(`${SERVERS.source}|${DATABASES.source}`)],
    ],
    // What servers are declared as says nothing of what they are made to read.
    usualIfDeclared: undefined,
  },
  {
    ...CLEAR,
    name: 'traversal_to_account_data',
    meaning: 'a path with several steps up, to account data or keys',
    fields: [
      [['fd.nameraw'], /(?:\.\.\/){3}/],
      [['fd.name'], /^\/etc\/(?:passwd|g?shadow)$|\/\.ssh\/|^\/proc\/(?:self|\d{1,8})\/environ$/],
    ],
    usualIfDeclared: undefined,
  },
  {
    ...RARE,
    name: 'search_through_folders',
    meaning: 'a search through whole folders for keys or credentials',
    all: [
      /^(?:[ef]?grep|rg)\s(?:[^;|&]{0,64}\s)?(?:-[a-zA-Z]{0,8}[rR]|--recursive\b)|^(?:find|rg|ag)\s|\/proc\/(?:\d{1,8}|self|\*)\/environ/,
    ],
    rules: ['Search Private Keys or Passwords', 'Find AWS Credentials'],
  },
  {
    ...RARE,
    name: 'logs_emptied_in_shell',
    meaning: 'the log of logins or of the system, emptied or removed by hand',
    fields: [
      [['fd.name'], /^\/var\/log\/(?:auth\.log|secure|wtmp|btmp|lastlog|faillog|syslog|messages|audit\/audit\.log)$/],
      [['proc.name'], new RegExp(String.raw`${SHELLS.source}|^(?:cp|dd|rm|sed|tee|truncate|shred|unlink)$`)],
    ],
    rules: ['Clear Log Activities'],
  },
  {
    ...CLEAR,
    name: 'setuid_in_temporary_folder',
    meaning: 'a program in a temporary folder that gets the rights of its owner',
    all: [new RegExp(String.raw`${STARTS}chmod\s{1,4}(?:0?[4-7][0-7]{3}|[ugoa]{0,4}\+[rwx]{0,3}s)\s{1,4}${TEMPORARY}`)],
  },
  {
    ...CLEAR,
    name: 'system_program_replaced',
    meaning: 'a program with which people look for intruders, moved away',
    all: [
      new RegExp(
        String.raw`${STARTS}mv\s{1,4}(?:-\w{1,4}\s{1,4})?\/(?:usr\/)?s?bin\/(?:ps|top|htop|ls|netstat|ss|lsof|find|pstree|login|sshd?|su|sudo)\s`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'sudo_without_password',
    meaning: 'a user who may do everything without a password (sudoers)',
    all: [/\bNOPASSWD\b/, /\/etc\/sudoers/],
  },
  {
    ...CLEAR,
    name: 'unverified_packages',
    meaning: 'packages from a source that is not verified',
    all: [
      /\/(?:sources\.list|yum\.repos\.d\/|apk\/repositories)/,
      new RegExp(String.raw`trusted=yes|allow-insecure=yes|gpgcheck=0|https?:\/\/${PUBLIC}`),
    ],
  },
  {
    ...CLEAR,
    name: 'hidden_capture',
    meaning: "a recording of the network's traffic in a hidden file",
    all: [
      new RegExp(String.raw`${STARTS}(?:tcpdump|tshark|dumpcap)\s[^;|]{0,200}\s-w\s{0,2}[^\s;|]{0,100}\/\.[^\s\/.]`),
    ],
  },
];
