import { contain, record, review } from './entry';
import { SERVING } from './conditions';
import type { Row } from './row';

const DOWNLOAD = 'Launch Ingress Remote File Copy Tools in Container';
const PACKAGES = 'Launch Package Management Process in Container';
const REPOSITORY = 'Update Package Repository';

/** Of the same sets (further.ts): rules about downloads, packages and files. */
export const FURTHER_FILE_ROWS: readonly Row[] = [
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
];
