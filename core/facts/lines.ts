import type { Fact } from '../alert/facts';
import type { DeclaredPlace, PodFacts } from '../incident/podFacts';
import { brief } from '../text/sanitize';

/** How many rights are named. */
const MOST_RIGHTS = 6;
const LONGEST_VALUE = 400;

const PLACES: Readonly<Record<DeclaredPlace, string>> = {
  command: "the container's command",
  liveness_probe: 'its liveness probe',
  readiness_probe: 'its readiness probe',
  startup_probe: 'its startup probe',
  post_start_hook: 'its postStart hook',
  pre_stop_hook: 'its preStop hook',
};

/** The facts about a pod for a person or an analysis: at most four, each bounded. Plain text: escape it for its destination. */
export function shownFacts(facts: PodFacts): Fact[] {
  const { missing } = facts;
  return [
    { name: 'Container', value: containerText(facts) },
    { name: 'ServiceAccount', value: serviceAccountText(facts.serviceAccount) },
    { name: 'Pod', value: podText(facts) },
    ...(missing.length === 0 ? [] : [{ name: 'Not known', value: missing.join('; ') }]),
  ].map(({ name, value }) => ({ name, value: brief(value, LONGEST_VALUE) }));
}

function containerText({ container: { kind, name, pinned, startedAt, restarts }, declared }: PodFacts): string {
  const whole = kind === 'container' ? (name ?? '') : `${name ?? ''} (${kind} container)`;
  return [
    kind === 'unknown' ? 'not identified' : whole,
    ...(startedAt === null ? [] : [`running since ${startedAt}`]),
    ...(restarts === null ? [] : [`${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`]),
    ...(pinned === null ? [] : [pinned ? 'image pinned by digest' : 'image not pinned by digest']),
    ...(declared === null ? [] : [`the command line is that of ${PLACES[declared]}, which a program can imitate`]),
  ].join(', ');
}

const MOUNTED = new Map<boolean | null, string>([
  [true, 'token mounted'],
  [false, 'no token mounted'],
  [null, 'token not named in the specification'],
]);

function serviceAccountText({ name, tokenMounted, rights, may }: PodFacts['serviceAccount']): string {
  const more = may.length - MOST_RIGHTS;
  const named = may.slice(0, MOST_RIGHTS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${name}, ${MOUNTED.get(tokenMounted) ?? ''}, rights: ${rights}${named === '' ? '' : ` (${named})`}`;
}

function podText({ access, hostNetwork, owner, runsOnce, history }: PodFacts): string {
  const open = [...access, ...(hostNetwork ? ['host_network'] : [])];
  return [
    owner === null ? 'no controller' : `of a ${owner}`,
    ...(runsOnce ? ['runs to its end'] : []),
    `access to its node: ${open.length === 0 ? 'none' : open.join(', ')}`,
    ...(history === null
      ? []
      : [
          `earlier incidents of the rule: ${history.incidents}`,
          `judged in the last 14 days: ${history.falsePositives} no attack, ${history.truePositives} an attack`,
        ]),
  ].join(', ');
}
