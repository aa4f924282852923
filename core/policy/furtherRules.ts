import { contain, containFirst, type PlaybookEntry, review } from './playbookEntry';

/**
 * Rules of Falco's incubating and sandbox sets (falcosecurity/rules), which must be installed separately. Listed are
 * those whose description says more than their tags: some name behaviour that no pod has by design, others are
 * triggered by monitoring, backup and storage. All other rules of these sets are judged by their tags and never lead to
 * an action.
 */
export const FURTHER_RULES: ReadonlyMap<string, PlaybookEntry> = new Map([
  // These two are as reliable as a standard stream bound to a socket, and far rarer.
  [
    'Reverse Shell from Web Server',
    containFirst('A web server started a command in the form of a reverse shell: an outside party controls the pod.'),
  ],
  [
    'Web Server Spawned Shell',
    containFirst('A web server started a shell, as after its exploitation; some applications call programs this way.'),
  ],
  [
    'Detect crypto miners using the Stratum protocol',
    contain('A program was started with the address of a mining pool (Stratum protocol).'),
  ],
  ['Known Cryptominer Process Executed', contain('A program with the name of a known miner was started.')],
  [
    'Detect outbound connections to common miner pool ports',
    review(
      "A connection went to an address that a mining pool's name resolves to. Other services may share the address: a person has to identify the program.",
    ),
  ],
  [
    'Web Server Spawned Suspicious Child Process',
    review('A web server started a network tool or an interpreter; some applications do so by design.'),
  ],
  [
    'Container Access to Host Sensitive Paths',
    review('A container used files of its node through a mount, which monitoring and backup do all the time.'),
  ],
  [
    'Privileged Container Device Access',
    review("A container used one of its node's disks, which storage drivers do by design."),
  ],
  [
    'Mount Launched in Privileged Container',
    review('A privileged container mounted a file system, which storage drivers do by design.'),
  ],
  [
    'Modify Container Entrypoint',
    review(
      'A container wrote to its own program or to one of its open files through /proc, which programs that log to /dev/stdout do as well.',
    ),
  ],
  [
    'Change thread namespace',
    review('A program entered another namespace, as nsenter does for an escape and network plugins by design.'),
  ],
  [
    'Change namespace privileges via unshare',
    review('A program made namespaces of its own, as exploits and sandboxes do.'),
  ],
  [
    'DB program spawned process',
    review(
      'A database started a program that does not belong to it, as after an injection; some backups do so by design.',
    ),
  ],
]);
