import { contain, containFirst, type PlaybookEntry, review } from './playbookEntry';

/** The tactics that Falco's rules are tagged with. No tactic alone is enough to act on. */
const TACTICS = [
  'reconnaissance',
  'initial_access',
  'execution',
  'persistence',
  'privilege_escalation',
  'defense_evasion',
  'credential_access',
  'discovery',
  'lateral_movement',
  'collection',
  'exfiltration',
  'command_and_control',
  'impact',
] as const;

/** Rules of Falco's stable set (falco-rules 5.1.0) and of manifests/falco/rules.yaml, by name. */
export const BY_RULE: Readonly<Record<string, PlaybookEntry>> = {
  'Netcat Remote Code Execution in Container': {
    decision: 'delete_pod',
    classification: 'true_positive',
    confidence: 0.95,
    reason:
      'Netcat was started with a program to run for its peer: a reverse or bind shell, for which containers have no use.',
    containFirst: true,
  },
  'Redirect STDOUT/STDIN to Network Connection in Container': containFirst(
    "A process's standard streams were bound to a socket, as a reverse shell does; some servers do it too.",
  ),
  'Contact K8S API Server From Container': contain(
    'A container whose image is not known to use the Kubernetes API connected to it.',
  ),
  'Drop and execute new binary in container': containFirst(
    'A program that is not part of the image was written and run.',
  ),
  'Fileless execution via memfd_create': containFirst('A program was run from memory without a file.'),
  'Execution from /dev/shm': containFirst('A program was run from shared memory, where none belongs.'),
  'Detect release_agent File Container Escapes': containFirst(
    'A cgroup release_agent was written from a container: a known escape to the node.',
  ),
  'Linux Kernel Module Injection Detected': containFirst('A container loaded a kernel module.'),
  'Debugfs Launched in Privileged Container': contain(
    "debugfs ran in a privileged container, which gives access to the node's disk.",
  ),
  'PTRACE attached to process': containFirst('A process injected itself into another with ptrace.'),
  'Find AWS Credentials': contain('A process searched for cloud credentials.'),
  'Search Private Keys or Passwords': contain('A process searched for private keys or passwords.'),
  'Terminal shell in container': {
    decision: 'ignore',
    classification: 'false_positive',
    confidence: 0.6,
    reason:
      "A terminal was attached at the container's entry point, as kubectl exec does; RBAC allows it and the audit log names the user. Recorded, not acted on.",
    containFirst: false,
  },
  'Shell Spawned in Container (Workshop)': review(
    'A shell was started in a running container: by kubectl exec, by a probe, or by the exploited program. A person has to find out which.',
  ),
  'Run shell untrusted': review('A server process started a shell; some do so by design.'),
  'System user interactive': review('A system account ran an interactive command.'),
  'Read sensitive file untrusted': review(
    'An unexpected program read a file with account data; a person has to check whether that is its job.',
  ),
  'Read sensitive file trusted after startup': review('A program that may read account data did so after its start.'),
  'Directory traversal monitored file read': review('A path with directory traversal was read.'),
  'Clear Log Activities': review('Log files were truncated or removed.'),
  'Remove Bulk Data from Disk': review('Bulk data was wiped; evidence may be lost.'),
  'Create Symlink Over Sensitive Files': review('A symbolic link was made over sensitive files.'),
  'Create Hardlink Over Sensitive Files': review('A hard link was made over sensitive files.'),
  'Packet socket created in container': review(
    "A container opened a packet socket, which can read its neighbours' traffic.",
  ),
  'PTRACE anti-debug attempt': review('A process tried to keep debuggers away.'),
  'Disallowed SSH Connection Non Standard Port': review('An SSH connection left on an unusual port.'),
};

/** Rules of sources other than Falco. Tenants can write their content, so no entry acts. */
export const BY_REPORT: ReadonlyMap<string, PlaybookEntry> = new Map([
  [
    'PodMemoryExhaustion',
    review(
      'A container is near its memory limit: a leak, a limit that is too low, or a program that does not belong there, such as a miner. Its memory shows which, and is lost after a restart.',
    ),
  ],
  [
    'PodCPUThrottling',
    review(
      'A container wants more CPU than its limit: a limit that is too low, load, or a program that does not belong there, such as a miner. Look at what runs in it before raising the limit.',
    ),
  ],
  [
    'CriticalVulnerabilityDetected',
    review(
      'An image has a critical vulnerability. The report does not say whether it can be exploited there, or was: the fix is another image, not the deletion of a pod.',
    ),
  ],
  [
    'ExposedSecretDetected',
    review(
      'An image contains a secret. Everyone who may pull the image has the secret: replace it first, then build the image without it.',
    ),
  ],
  [
    'PolicyViolationDetected',
    review(
      'An object violates a policy. Most violations are configuration mistakes, but some gave an attack its permissions: check who created the object, and when.',
    ),
  ],
  [
    'PagerDuty incident',
    review(
      "PagerDuty opened an incident. Its webhook does not say what it is about: see the incident's alerts in PagerDuty.",
    ),
  ],
]);

/**
 * MITRE ATT&CK techniques and tactics by the tags of Falco's rules, for rules not listed above. The first match in this
 * order counts: techniques that are clear enough on their own come first, then those that need a person.
 */
export const BY_TAG: ReadonlyMap<string, PlaybookEntry> = new Map([
  ['T1611', contain('The rule is tagged as an escape to the node (T1611).')],
  ['T1620', contain('The rule is tagged as reflective code loading (T1620).')],
  ['T1496', contain('The rule is tagged as resource hijacking, such as mining (T1496).')],
  ['T1055', contain('The rule is tagged as process injection (T1055).')],
  ['T1055.008', contain('The rule is tagged as injection by ptrace (T1055.008).')],
  ['T1059', review('The rule is tagged as use of an interpreter (T1059): some programs do so by design.')],
  ['T1059.004', review('The rule is tagged as use of a Unix shell (T1059.004): some programs do so by design.')],
  ['T1070', review('The rule is tagged as removal of traces (T1070): evidence may be lost.')],
  ['T1485', review('The rule is tagged as destruction of data (T1485): data may be lost.')],
  ['T1552', review('The rule is tagged as a search for credentials in files (T1552).')],
  ['T1552.001', review('The rule is tagged as a search for credentials in files (T1552.001).')],
  ['T1555', review('The rule is tagged as access to stored credentials (T1555).')],
  ['T1557.002', review('The rule is tagged as ARP spoofing (T1557.002).')],
  ['T1565', review('The rule is tagged as manipulation of data (T1565).')],
  ['T1622', review('The rule is tagged as evasion of debuggers (T1622).')],
  ['TA0003', review('The rule is tagged with the tactic persistence (TA0003).')],
  ...TACTICS.map((name): [string, PlaybookEntry] => [
    `mitre_${name}`,
    review(`The rule is tagged with the tactic ${name.replaceAll('_', ' ')}.`),
  ]),
]);

export const FALLBACK: PlaybookEntry = review('The playbook has no entry for this rule.');
