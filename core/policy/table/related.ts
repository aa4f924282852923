import type { Alert } from '../../incident/alert';
import type { Related } from '../../incident/incidentLink';
import { acts } from '../strength';
import { FALCO_TABLE } from './index';

const HOUR_MS = 3_600_000;
const TERMINAL = 'Terminal shell in container';

/** A server's shell, or a download in it: with these an intrusion begins. */
const BEGINNINGS: ReadonlySet<string> = new Set([
  'Run shell untrusted',
  'Shell Spawned in Container (Workshop)',
  'DB program spawned process',
  'Web Server Spawned Suspicious Child Process',
  'Launch Ingress Remote File Copy Tools in Container',
]);

/** What an intruder does next. Rules about connections are too noisy to be here. */
const SEQUELS: ReadonlySet<string> = new Set([
  'Adding ssh keys to authorized_keys',
  'Clear Log Activities',
  'Contact EC2 Instance Metadata Service From Container',
  'Contact cloud metadata service from container',
  'Container Drift Detected (chmod)',
  'Container Drift Detected (open+create)',
  'Delete or rename shell history',
  'Find AWS Credentials',
  'Kubernetes Client Tool Launched in Container',
  'Launch Ingress Remote File Copy Tools in Container',
  'Launch Package Management Process in Container',
  'Launch Remote File Copy Tools in Container',
  'Launch Suspicious Network Tool in Container',
  'Modify binary dirs',
  'Read environment variable from /proc files',
  'Read sensitive file untrusted',
  'Read ssh information',
  'Remove Bulk Data from Disk',
  'Schedule Cron Jobs',
  'Search Private Keys or Passwords',
  'Set Setuid or Setgid bit',
]);

/** People's terminals, and how containers were started: they are no step of an attack by themselves. */
const NO_STEP =
  /^(?:Terminal shell in container|Container Run as Root User|Launch (?:Privileged|Excessively Capable|Sensitive Mount|Disallowed) Container)$/;

/**
 * What earlier incidents of the same workload make of an alert, as the end of a sentence ("Within an hour, ..."), or null.
 * Code in a pod can cause incidents, so that they only ever make an answer stronger.
 */
export function storyOf({ rule, time, related = [] }: Pick<Alert, 'rule' | 'time' | 'related'>): string | null {
  if (NO_STEP.test(rule) && rule !== TERMINAL) return null;
  const rules = new Set(related.filter((one) => isStep(one, time)).map((one) => one.rule));
  const others = [...rules].filter((one) => one !== rule && !NO_STEP.test(one));
  const serious = others.find((one) => FALCO_TABLE.get(one)?.some(([, , { decision }]) => acts(decision)) === true);
  if (serious !== undefined) return `the same workload had "${serious}", which alone can be enough to isolate a pod`;
  if (rule === TERMINAL) return null;
  if (others.length > 1) return `the same workload had ${others.length} other rules, as in an attack of several steps`;
  const beginning = SEQUELS.has(rule) ? others.find((one) => BEGINNINGS.has(one)) : undefined;
  return beginning === undefined ? null : `the same workload had "${beginning}", with which an intrusion begins`;
}

/** What was recorded as harmless, by facts or by a person, is no step of an attack. */
function isStep({ source, sameSubject, lastSeen, decision }: Related, time: string): boolean {
  const age = Date.parse(time) - Date.parse(lastSeen);
  return source === 'falco' && sameSubject && decision !== 'ignore' && age >= 0 && age <= HOUR_MS;
}
