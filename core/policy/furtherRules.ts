import { contain, type PlaybookEntry, review } from './playbookEntry';

/**
 * Rules of Falco's incubating and sandbox sets (falcosecurity/rules), which have to be installed by themselves, where
 * their own descriptions say more than their tags: which of them name something that no pod does by design, and which are
 * set off by monitoring, backup and storage. All others of these sets go by their tags, by which none of them acts.
 */
export const FURTHER_RULES: ReadonlyMap<string, PlaybookEntry> = new Map([
  [
    'Reverse Shell from Web Server',
    contain('A web server started a command in the form of a reverse shell: somebody outside commands the pod.'),
  ],
  [
    'Web Server Spawned Shell',
    contain('A web server started a shell, as after its exploitation; some applications call programs this way.'),
  ],
  [
    'Detect crypto miners using the Stratum protocol',
    contain('A program was started with the address of a mining pool (Stratum protocol).'),
  ],
  ['Known Cryptominer Process Executed', contain('A program with the name of a known miner was started.')],
  [
    'Detect outbound connections to common miner pool ports',
    review(
      'A connection went to an address that a mining pool’s name resolves to. Others may be behind the same address: what the program is needs a person.',
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
    review('A container used one of its node’s disks, which storage drivers do by design.'),
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
