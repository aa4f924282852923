import { contain, record, review } from './entry';
import { EXPECTED, SERVING } from './conditions';
import type { Row } from './row';

/** Rules that fire for whatever is not listed, and which programs do by design. */
const EXPECTED_CONNECTIONS = [
  'Interpreted procs inbound network activity',
  'Unexpected UDP Traffic',
  'Unexpected inbound connection source',
  'Outbound or Inbound Traffic not to Authorized Server Process and Port',
] as const;
/** Of the same sets (further.ts): rules about processes, rights and connections. */
export const FURTHER_PROGRAM_ROWS: readonly Row[] = [
  // Processes, users and rights.
  [
    'Basic Interactive Reconnaissance',
    EXPECTED,
    record('People work in terminals of this workload, and judged that to be its use.'),
  ],
  ['Basic Interactive Reconnaissance', {}, review('Somebody looked around in a terminal: the audit log names who.')],
  [
    'DB program spawned process',
    {},
    review(
      'A database started a program that does not belong to it, as after an injection; some backups do so by design.',
    ),
  ],
  ['Non sudo setuid', {}, review('A program changed its user; entry points that give up root do so as well.')],
  [
    'Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)',
    SERVING,
    contain('pkexec was started without arguments, for which there is no use but the exploit of CVE-2021-4034.'),
  ],
  [
    'Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)',
    {},
    review('pkexec was started without arguments, as the exploit of CVE-2021-4034 does.'),
  ],
  [
    'Potential Local Privilege Escalation via Environment Variables Misuse',
    {},
    review('A program was started with GLIBC_TUNABLES, as an exploit of CVE-2023-4911 does.'),
  ],
  [
    'Program run with disallowed http proxy env',
    EXPECTED,
    record('A program was started with a proxy, and people judged that to be its design.'),
  ],
  ['Program run with disallowed http proxy env', {}, review('A program was started with a proxy of its own.')],
  ['Set Setuid or Setgid bit', {}, review('A program was given the rights of its owner; installers do so as well.')],
  [
    'Sudo Potential Privilege Escalation',
    SERVING,
    contain('sudoedit was started as the exploit of CVE-2021-3156 does, and servers have no use for it.'),
  ],
  ['Sudo Potential Privilege Escalation', {}, review('sudoedit was started as the exploit of CVE-2021-3156 does.')],
  [
    'Unprivileged Delegation of Page Faults Handling to a Userspace Process',
    SERVING,
    contain(
      'A program without privileges handles page faults (userfaultfd), as exploits of the kernel do; servers do not.',
    ),
  ],
  [
    'Unprivileged Delegation of Page Faults Handling to a Userspace Process',
    {},
    review('A program without privileges handles page faults (userfaultfd), as exploits of the kernel do.'),
  ],
  ['User mgmt binaries', {}, review('A user or a password was changed; installers do so as well.')],
  [
    'Web Server Spawned Suspicious Child Process',
    {},
    review('A web server started a network tool or an interpreter; some applications do so by design.'),
  ],

  // Connections: which ones a pod needs is not known here.
  ['Disallowed SSH Connection', {}, review('A container connected by SSH.')],
  ...EXPECTED_CONNECTIONS.map(
    (rule): Row => [
      rule,
      EXPECTED,
      record('The workload has such connections, and people judged that to be its design.'),
    ],
  ),
  [
    'Interpreted procs inbound network activity',
    {},
    review('A script accepted a connection, as servers in Python do.'),
  ],
  ['Interpreted procs outbound network activity', {}, review('A script made a connection, as programs in Python do.')],
  ['Network Connection outside Local Subnet', {}, review('A container connected outside of the cluster.')],
  ['Outbound Connection to C2 Servers', {}, review('A connection went to an address in a list of attackers.')],
  [
    'Outbound or Inbound Traffic not to Authorized Server Process and Port',
    {},
    review('A connection is not one of those that are listed as allowed.'),
  ],
  ['System procs network activity', {}, review('A program of the base system used the network.')],
  ['Unexpected UDP Traffic', {}, review('A program sent UDP to an unusual port.')],
  ['Unexpected inbound connection source', {}, review('A connection came from an address that is not listed.')],
  ['Unexpected outbound connection destination', {}, review('A connection went to an address that is not listed.')],
];
