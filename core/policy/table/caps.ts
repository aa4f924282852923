import type { PodFacts } from '../../incident/podFacts';
import { acts } from '../strength';
import { type PlaybookEntry, review } from './entry';
import { type Conditions, DOUBTFUL, meets } from './conditions';

/** Facts with which the playbook acts by no rule: its row's answer goes to a person. */
const CAPS: readonly (readonly [when: Conditions, reason: string])[] = [
  [
    { kind: ['ephemeral'] },
    'A person added the container through the API (kubectl debug), and the audit log names who: ask before anything is done.',
  ],
  [
    { kind: ['init'] },
    "It is an init container, where downloads, installations and settings are usual. The pod's author would know.",
  ],
  [DOUBTFUL, 'People judged it to be no attack before, and never to be one.'],
];

/**
 * The answer of a row, given to a person where facts speak against it: against acting, or against leaving it be after people
 * judged the same to be an attack.
 */
export function capped(answer: PlaybookEntry, facts: PodFacts | undefined): PlaybookEntry {
  if (facts === undefined) return answer;
  if (!acts(answer.decision)) return answer.decision === 'ignore' && wasAttack(facts) ? review(BEFORE) : answer;
  const cap = CAPS.find(([when]) => meets(facts, when));
  return cap === undefined ? answer : review(`${answer.reason} ${cap[1]}`);
}

const BEFORE = 'People judged the same rule on this workload to be an attack in the last 14 days.';

function wasAttack({ history }: PodFacts): boolean {
  return history !== null && history.truePositives > 0;
}
