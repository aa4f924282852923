import { contain, containFirst, record, review } from './entry';
import { AGENT } from './conditions';
import { FURTHER_FILE_ROWS } from './furtherFiles';
import { FURTHER_PROGRAM_ROWS } from './furtherPrograms';
import type { Row } from './row';

const CLIENT = 'Kubernetes Client Tool Launched in Container';

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

  ...FURTHER_FILE_ROWS,
  ...FURTHER_PROGRAM_ROWS,
];
