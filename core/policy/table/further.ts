import { contain, containFirst, record, review } from './entry';
import { AGENT, EXPECTED, SERVING } from './conditions';
import type { Row } from './row';

const CLIENT = 'Kubernetes Client Tool Launched in Container';
const DOWNLOAD = 'Launch Ingress Remote File Copy Tools in Container';
const PACKAGES = 'Launch Package Management Process in Container';
const REPOSITORY = 'Update Package Repository';

/** Rules that fire for whatever is not listed, and which programs do by design. */
const EXPECTED_CONNECTIONS = [
  'Interpreted procs inbound network activity',
  'Unexpected UDP Traffic',
  'Unexpected inbound connection source',
  'Outbound or Inbound Traffic not to Authorized Server Process and Port',
] as const;

/**
 * Rules of Falco's incubating, sandbox and deprecated sets (falcosecurity/rules), which must be installed separately. Four
 * name behaviour that no pod has by design, and four more what no serving container without a way to its node does. All
 * others are triggered by monitoring, backup, storage or builds as well: they go to a person, unless the pod's facts explain
 * them.
 */
export const FURTHER_ROWS: readonly Row[] = [
  // These two are as reliable as a standard stream bound to a socket, and far rarer.
  [
    'Reverse Shell from Web Server',
    {},
    containFirst('A web server started a command in the form of a reverse shell: an outside party controls the pod.'),
  ],
  [
    'Web Server Spawned Shell',
    {},
    containFirst('A web server started a shell, as after its exploitation; some applications call programs this way.'),
  ],
  [
    'Detect crypto miners using the Stratum protocol',
    { runsOnce: true },
    review(
      "A command names a mining pool's address, in a pod that runs to its end: scanners search for such addresses.",
    ),
  ],
  [
    'Detect crypto miners using the Stratum protocol',
    {},
    contain('A program was started with the address of a mining pool (Stratum protocol).'),
  ],
  ['Known Cryptominer Process Executed', {}, contain('A program with the name of a known miner was started.')],
  [
    'Detect outbound connections to common miner pool ports',
    {},
    review(
      "A connection went to an address that a mining pool's name resolves to. Other services may share the address: a person has to identify the program.",
    ),
  ],

  // The node: what agents do by design, an escape does as well.
  [
    'Container Access to Host Sensitive Paths',
    {},
    review('A container used files of its node through a mount, which monitoring and backup do all the time.'),
  ],
  [
    'Privileged Container Device Access',
    {},
    review("A container used one of its node's disks, which storage drivers do by design."),
  ],
  [
    'Mount Launched in Privileged Container',
    {},
    review('A privileged container mounted a file system, which storage drivers do by design.'),
  ],
  [
    'Modify Container Entrypoint',
    {},
    review(
      'A container wrote to its own program or to one of its open files through /proc, which programs that log to /dev/stdout do as well.',
    ),
  ],
  [
    'Change thread namespace',
    AGENT,
    record(
      'A DaemonSet with access to its node entered another namespace, as network and storage agents do by design.',
    ),
  ],
  [
    'Change thread namespace',
    {},
    review('A program entered another namespace, as nsenter does for an escape and network plugins by design.'),
  ],
  [
    'Change namespace privileges via unshare',
    {},
    review('A program made namespaces of its own, as exploits and sandboxes do.'),
  ],
  [
    'BPF Program Not Profiled',
    AGENT,
    record('A DaemonSet with access to its node loaded a BPF program, as agents do.'),
  ],
  ['BPF Program Not Profiled', {}, review('A program loaded a BPF program, with which it can watch and hide.')],
  [
    'Create files below dev',
    {},
    review('A file was made below /dev, where rootkits hide files and few programs write.'),
  ],

  // How a container was started: the API's audit log and admission judge that, and no program in it.
  [
    'Launch Privileged Container',
    AGENT,
    record('A DaemonSet runs privileged by its specification, which somebody with the right to do so gave it.'),
  ],
  ['Launch Privileged Container', {}, review('A privileged container started, from which the node can be taken over.')],
  [
    'Launch Excessively Capable Container',
    AGENT,
    record(
      'A DaemonSet has further capabilities by its specification, which somebody with the right to do so gave it.',
    ),
  ],
  ['Launch Excessively Capable Container', {}, review('A container with capabilities for an escape started.')],
  [
    'Launch Sensitive Mount Container',
    AGENT,
    record("A DaemonSet mounts its node's paths by its specification, which somebody with the right to do so gave it."),
  ],
  ['Launch Sensitive Mount Container', {}, review('A container with sensitive paths of its node started.')],
  ['Launch Disallowed Container', {}, review('A container of an image that is not in the allowed list started.')],
  [
    'Container Run as Root User',
    {},
    record("A container's first process runs as root, which is the default of most images and no attack by itself."),
  ],

  // The Kubernetes API and clouds.
  [
    CLIENT,
    { token: false },
    review('A client of the Kubernetes API was started in a pod that mounts no token: somebody else brought it.'),
  ],
  [
    CLIENT,
    { rights: ['none'] },
    review(
      'A client of the Kubernetes API was started in a pod whose ServiceAccount has no rights: it has no use for it.',
    ),
  ],
  [
    CLIENT,
    { rights: ['own', 'powerful'] },
    record('The pod uses the Kubernetes API by design: its ServiceAccount was given rights there.'),
  ],
  [
    CLIENT,
    {},
    review('A client of the Kubernetes API was started. What the ServiceAccount of its pod may do would decide.'),
  ],
  [
    'Contact EC2 Instance Metadata Service From Container',
    {},
    review(
      "A container read its node's metadata, which has the node's credentials. Whether its ServiceAccount has a role of its own in the cloud would decide.",
    ),
  ],
  [
    'Contact cloud metadata service from container',
    {},
    review(
      "A container read its node's metadata, which has the node's credentials. Whether its ServiceAccount has a role of its own in the cloud would decide.",
    ),
  ],
  [
    'Exfiltrating Artifacts via Kubernetes Control Plane',
    {},
    review('Files were copied out of a container, as kubectl cp does: the audit log names the user.'),
  ],
  [
    'Unexpected K8s NodePort Connection',
    {},
    review('A container connected to a port of a node; which service has it would decide.'),
  ],

  // Downloads and packages: the work of init containers and builds.
  [
    DOWNLOAD,
    { kind: ['init'] },
    record('An init container downloaded something, which is what init containers are for.'),
  ],
  [DOWNLOAD, { runsOnce: true }, record('A pod that runs to its end downloaded something, as jobs do.')],
  [
    DOWNLOAD,
    {},
    review('A running container started a download tool: what was fetched, and from where, would decide.'),
  ],
  [
    PACKAGES,
    { kind: ['init'] },
    review('An init container installed packages: better to build the image with them; rarely an attack.'),
  ],
  [PACKAGES, { runsOnce: true }, review('A pod that runs to its end installed packages, as builds do.')],
  [PACKAGES, {}, review('A running container started a package manager, as an attacker does who needs tools.')],
  [
    REPOSITORY,
    { kind: ['init'] },
    record("An init container updated its package manager's sources before an installation."),
  ],
  [
    REPOSITORY,
    { runsOnce: true },
    record("A pod that runs to its end updated its package manager's sources, as builds do."),
  ],
  [REPOSITORY, {}, review("A running container changed its package manager's sources.")],
  ['Write below rpm database', {}, review('A program other than the package manager wrote to its database.')],
  [
    'Network Tool Executed During NPM Package Install',
    {},
    review('A package started a network tool while npm installed it, as a poisoned package does.'),
  ],
  [
    'Java Process Class File Download',
    SERVING,
    contain('A Java server downloaded code, as after an injection (Log4Shell).'),
  ],
  [
    'Java Process Class File Download',
    {},
    review('A Java program downloaded code, as after an injection (Log4Shell).'),
  ],
  [
    'Decoding Payload in Container',
    { kind: ['init'] },
    record('An init container decoded base64, as it does to write configuration.'),
  ],
  ['Decoding Payload in Container', {}, review('A program decoded base64: what was decoded would decide.')],
  [
    'Launch Remote File Copy Tools in Container',
    { runsOnce: true, judged: 1 },
    record(
      'A pod that runs to its end copied files to another machine, as backups do, and people judged it to be no attack.',
    ),
  ],
  [
    'Launch Remote File Copy Tools in Container',
    { runsOnce: true },
    review('A pod that runs to its end copied files to another machine, as backups do.'),
  ],
  [
    'Launch Remote File Copy Tools in Container',
    {},
    review('A tool that copies files to other machines was started: where to would decide.'),
  ],
  [
    'Launch Suspicious Network Tool in Container',
    {},
    review('A network tool was started, by a probe, a person or an attacker who looks around.'),
  ],
  ['Launch Suspicious Network Tool on Host', {}, review('A network tool was started on a node itself.')],
  [
    'Netcat/Socat Remote Code Execution on Host',
    {},
    review('A remote shell was started on a node itself, not in a pod.'),
  ],

  // Files.
  [
    'Adding ssh keys to authorized_keys',
    {},
    review('A key was added with which somebody can log in by SSH; containers seldom have an SSH server.'),
  ],
  ['Backdoored library loaded into SSHD (CVE-2024-3094)', {}, review('An SSH server loaded the backdoored liblzma.')],
  [
    'Container Drift Detected (chmod)',
    {},
    review('A file was made executable in a container; installers and builds do so as well.'),
  ],
  [
    'Container Drift Detected (open+create)',
    {},
    review('An executable file was made in a container; installers and builds do so as well.'),
  ],
  ['Create Hidden Files or Directories', {}, review('A hidden file was made, as programs do for their settings too.')],
  ['Delete or rename shell history', {}, review("A shell's history was removed: traces may be lost.")],
  ['Mkdir binary dirs', {}, review('A folder was made among the programs.')],
  ['Modify Shell Configuration File', {}, review("A shell's configuration was changed, which runs at each login.")],
  ['Modify binary dirs', {}, review('A program was renamed or removed.')],
  ['Read Shell Configuration File', {}, review("A program that is not a shell read a shell's configuration.")],
  [
    'Read environment variable from /proc files',
    {},
    review("A program read another one's environment, which may hold credentials."),
  ],
  ['Read ssh information', {}, review('A program read SSH keys or settings.')],
  ['Write below binary dir', {}, review('A file was written among the programs.')],
  ['Write below etc', {}, review('A file was written below /etc; entry points and agents do so as well.')],
  ['Write below monitored dir', {}, review('A file was written among programs or libraries.')],
  ['Write below root', {}, review('A file was written below / or /root.')],
  ['Schedule Cron Jobs', {}, review('A cron job was made, which outlives the process that made it.')],

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
