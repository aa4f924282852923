import type { DeclaredPlace, PodFacts } from '../incident/podFacts';
import { brief } from '../text/sanitize';

/** How many rights a line names. */
const MOST_RIGHTS = 6;
const LONGEST_LINE = 400;

const PLACES: Readonly<Record<DeclaredPlace, string>> = {
  command: 'the command of the container',
  liveness_probe: 'its liveness probe',
  readiness_probe: 'its readiness probe',
  startup_probe: 'its startup probe',
  post_start_hook: 'its postStart hook',
  pre_stop_hook: 'its preStop hook',
};

/** The facts about a pod for a person or an analysis: few lines, each bounded. Plain text. */
export function factLines(facts: PodFacts): string[] {
  const { declared, missing } = facts;
  return [
    containerLine(facts.container),
    ...(declared === null
      ? []
      : [`the command line in the alert is also ${PLACES[declared]}; a program can imitate that`]),
    serviceAccountLine(facts.serviceAccount),
    accessLine(facts),
    ...historyLine(facts.history),
    ...(missing.length === 0 ? [] : [`not known: ${missing.join('; ')}`]),
  ].map((line) => brief(line, LONGEST_LINE));
}

function containerLine({ kind, name, pinned, startedAt, restarts }: PodFacts['container']): string {
  const what =
    kind === 'unknown'
      ? 'container: not identified'
      : `${kind === 'container' ? 'container' : `${kind} container`}: ${name ?? ''}`;
  return [
    what,
    ...(startedAt === null ? [] : [`running since ${startedAt}`]),
    ...(restarts === null ? [] : [`${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`]),
    ...(pinned === null ? [] : [pinned ? 'image pinned by digest' : 'image not pinned by digest']),
  ].join(', ');
}

const MOUNTED = new Map<boolean | null, string>([
  [true, 'token mounted'],
  [false, 'no token mounted'],
  [null, 'token not named in the specification'],
]);

function serviceAccountLine({ name, tokenMounted, rights, may }: PodFacts['serviceAccount']): string {
  const more = may.length - MOST_RIGHTS;
  const named = may.slice(0, MOST_RIGHTS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `ServiceAccount ${name}: ${MOUNTED.get(tokenMounted) ?? ''}, rights ${rights}${named === '' ? '' : ` (${named})`}`;
}

function accessLine({ access, hostNetwork, owner, runsOnce }: PodFacts): string {
  const open = [...access, ...(hostNetwork ? ['host_network'] : [])];
  const whose = owner === null ? 'a bare pod' : `a pod of a ${owner}`;
  return `${whose}${runsOnce ? ' that runs to its end' : ''}, access to its node: ${open.length === 0 ? 'none' : open.join(', ')}`;
}

function historyLine(history: PodFacts['history']): string[] {
  if (history === null) return [];
  const { incidents, falsePositives, truePositives } = history;
  return [
    `in the last 14 days: ${incidents} earlier incidents of the rule, judged no attack ${falsePositives} times and an attack ${truePositives} times`,
  ];
}
