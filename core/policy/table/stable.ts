import { contain, containFirst, record, remove, review } from './entry';
import { AGENT, EXPECTED, SERVING } from './conditions';
import type { Row } from './row';

const CONTACT = 'Contact K8S API Server From Container';
const REDIRECT = 'Redirect STDOUT/STDIN to Network Connection in Container';
const NETCATS = ['nc', 'ncat', 'netcat', 'socat'];
const SSH = 'Disallowed SSH Connection Non Standard Port';

/**
 * Rules of Falco's stable set (falco-rules 5.1.0) and of manifests/falco/rules.yaml. The first row of a rule whose
 * conditions hold counts; its last row has none. With facts that were not read, it counts: it is the answer for an attack,
 * which the decision policy still checks.
 */
export const STABLE_ROWS: readonly Row[] = [
  [
    'Netcat Remote Code Execution in Container',
    { programs: NETCATS },
    review(
      "Netcat was started with a program to run for its peer, and the pod's specification starts netcat itself: its author would know.",
    ),
  ],
  [
    'Netcat Remote Code Execution in Container',
    {},
    remove(
      'Netcat was started with a program to run for its peer: a reverse or bind shell, for which containers have no use.',
    ),
  ],
  [
    REDIRECT,
    { programs: ['xinetd', 'inetd', 'tcpserver', 's6-tcpserver', 'socat'] },
    record('The specification starts a server that hands its connections to programs as their standard streams.'),
  ],
  // Which program has the socket decides, and that is a sign.
  [REDIRECT, EXPECTED, record('A server answers on its standard streams, and people judged that to be its design.')],
  [
    REDIRECT,
    { read: true },
    review(
      "A process's standard streams were bound to a socket, by a program that is not known as a shell: some servers do so by design.",
    ),
  ],
  [
    REDIRECT,
    {},
    containFirst(
      "A process's standard streams were bound to a socket, as a reverse shell does; some servers do it too.",
    ),
  ],

  // Which programs use the API is not known, and a program's name can be chosen. What its ServiceAccount may do cannot.
  [
    CONTACT,
    { token: false },
    contain('A container connected to the Kubernetes API, and its pod mounts no token to use it with.'),
  ],
  [
    CONTACT,
    { rights: ['none'] },
    contain(
      'A container connected to the Kubernetes API, where its ServiceAccount has no rights: it has no use for it.',
    ),
  ],
  [
    CONTACT,
    { rights: ['own', 'powerful'] },
    record('The pod uses the Kubernetes API by design: its ServiceAccount was given rights there.'),
  ],
  [
    CONTACT,
    { rights: ['unknown'] },
    review(
      'A container connected to the Kubernetes API. What its ServiceAccount may do would decide: without rights it is an attack, with rights of its own the pod uses the API by design. It could not be read.',
    ),
  ],
  [CONTACT, {}, contain('A container whose image is not known to use the Kubernetes API connected to it.')],

  [
    'Drop and execute new binary in container',
    { runsOnce: true },
    review(
      'A program that is not part of the image was written and run, in a pod that runs to its end: builds do that all the time.',
    ),
  ],
  [
    'Drop and execute new binary in container',
    {},
    containFirst('A program that is not part of the image was written and run.'),
  ],
  [
    'Execution from /dev/shm',
    { runsOnce: true },
    review('A program was run from shared memory, in a pod that runs to its end: builds unpack programs there.'),
  ],
  ['Fileless execution via memfd_create', {}, containFirst('A program was run from memory without a file.')],
  ['Execution from /dev/shm', {}, containFirst('A program was run from shared memory, where none belongs.')],
  [
    'Detect release_agent File Container Escapes',
    {},
    containFirst('A cgroup release_agent was written from a container: a known escape to the node.'),
  ],
  [
    'Linux Kernel Module Injection Detected',
    AGENT,
    review('An agent of the node loaded a kernel module, as installers of drivers do; an escape looks the same.'),
  ],
  ['Linux Kernel Module Injection Detected', {}, containFirst('A container loaded a kernel module.')],
  [
    'Debugfs Launched in Privileged Container',
    {},
    contain("debugfs ran in a privileged container, which gives access to the node's disk."),
  ],
  [
    'PTRACE attached to process',
    AGENT,
    review('An agent of the node traced a process, as profilers and debuggers do; an injection looks the same.'),
  ],
  [
    'PTRACE attached to process',
    { runsOnce: true },
    review('A process traced another in a pod that runs to its end, as tests with a leak checker do.'),
  ],
  ['PTRACE attached to process', {}, containFirst('A process injected itself into another with ptrace.')],
  [
    'Find AWS Credentials',
    AGENT,
    review('An agent of the node searched for cloud credentials, as scanners do; a thief looks the same.'),
  ],
  [
    'Find AWS Credentials',
    { runsOnce: true },
    review('A pod that runs to its end searched for cloud credentials, as scanners and CI jobs do.'),
  ],
  [
    'Find AWS Credentials',
    { read: true },
    review('A program searched for cloud credentials in a file: start scripts check their own files as well.'),
  ],
  ['Find AWS Credentials', {}, contain('A process searched for cloud credentials.')],
  [
    'Search Private Keys or Passwords',
    AGENT,
    review('An agent of the node searched for private keys or passwords, as scanners do; a thief looks the same.'),
  ],
  [
    'Search Private Keys or Passwords',
    { runsOnce: true },
    review('A pod that runs to its end searched for private keys or passwords, as scanners and CI jobs do.'),
  ],
  [
    'Search Private Keys or Passwords',
    { read: true },
    review('A program searched for private keys or passwords in a file: start scripts check their own files as well.'),
  ],
  ['Search Private Keys or Passwords', {}, contain('A process searched for private keys or passwords.')],
  [
    'Terminal shell in container',
    { nodeAccess: true },
    review(
      "A terminal was attached in a pod with a way to its node, as kubectl debug does: it is a terminal of the node's. The audit log names the user.",
    ),
  ],
  [
    'Terminal shell in container',
    {},
    record(
      "A terminal was attached at the container's entry point, as kubectl exec does; RBAC allows it and the audit log names the user. Recorded, not acted on.",
    ),
  ],
  [
    'Shell Spawned in Container (Workshop)',
    {},
    review(
      'A shell was started in a running container: by kubectl exec, by a probe, or by the exploited program. A person has to find out which.',
    ),
  ],
  ['Run shell untrusted', {}, review('A server process started a shell; some do so by design.')],
  ['System user interactive', {}, review('A system account ran an interactive command.')],
  [
    'Read sensitive file untrusted',
    {},
    review('An unexpected program read a file with account data; a person has to check whether that is its job.'),
  ],
  [
    'Read sensitive file trusted after startup',
    {},
    review('A program that may read account data did so after its start.'),
  ],
  ['Directory traversal monitored file read', {}, review('A path with directory traversal was read.')],
  ['Clear Log Activities', {}, review('Log files were truncated or removed.')],
  ['Remove Bulk Data from Disk', {}, review('Bulk data was wiped; evidence may be lost.')],
  [
    'Create Symlink Over Sensitive Files',
    SERVING,
    contain('A symbolic link was made over sensitive files, which servers have no use for.'),
  ],
  ['Create Symlink Over Sensitive Files', {}, review('A symbolic link was made over sensitive files.')],
  ['Create Hardlink Over Sensitive Files', {}, review('A hard link was made over sensitive files.')],
  [
    'Packet socket created in container',
    { ...AGENT, judged: 1 },
    record(
      "A DaemonSet with access to its node opened a packet socket, as the cluster's network agents do by design, and people judged it to be no attack.",
    ),
  ],
  [
    'Packet socket created in container',
    {},
    review("A container opened a packet socket, which can read its neighbours' traffic."),
  ],
  [
    'PTRACE anti-debug attempt',
    { programs: ['dlv', 'gdb', 'gdbserver', 'lldb-server', 'strace'] },
    record('The specification starts a debugger, which has the program that it starts traced.'),
  ],
  ['PTRACE anti-debug attempt', {}, review('A process tried to keep debuggers away.')],
  [
    SSH,
    { runsOnce: true, judged: 1 },
    record(
      'A pod that runs to its end connected by SSH, as jobs with Git or SFTP do, and people judged it to be no attack.',
    ),
  ],
  [SSH, EXPECTED, record('A pod connected by SSH, and people judged it to be no attack again and again.')],
  [SSH, {}, review('An SSH connection left on an unusual port.')],
];
