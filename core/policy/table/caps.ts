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

/** The answer of a row, lowered to a person where facts speak against acting. An answer that does not act stays. */
export function capped(answer: PlaybookEntry, facts: PodFacts | undefined): PlaybookEntry {
  if (!acts(answer.decision) || facts === undefined) return answer;
  const cap = CAPS.find(([when]) => meets(facts, when));
  return cap === undefined ? answer : review(`${answer.reason} ${cap[1]}`);
}
