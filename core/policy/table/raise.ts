import type { Alert } from '../../incident/alert';
import type { PodFacts } from '../../incident/podFacts';
import { level } from '../strength';
import { meets } from './conditions';
import { contain, type PlaybookEntry, review } from './entry';
import { type Sign, SIGNS } from './signs';

/** Falco's fields with command lines (falco.org, "Supported Fields"): of the process, then of those that started it. */
const COMMANDS = /^proc\.(?:cmdline|pcmdline|args|exeline|exe|exepath|acmdline\[\d{1,2}\])$/;
/** How much of a text is searched, in UTF-16 units: as long as an alert's output. */
const SEARCHED = 4096;

/**
 * The signs of an attack in an alert's texts. Only Falco's own alerts are searched, with a pod to act on: whether it is
 * there, the decision policy checks.
 */
export function signsOf(alert: Alert, facts: PodFacts | undefined): Sign[] {
  const { source, trust, target, rule, fields } = alert;
  if (source !== 'falco' || trust !== 'kernel' || target === null) return [];
  const program = fields['proc.name'];
  const commands = commandsOf(alert);
  return SIGNS.filter((sign) => {
    if (sign.rule !== undefined && sign.rule !== rule) return false;
    if (sign.when !== undefined && !meets(facts, sign.when)) return false;
    if (sign.of === 'program')
      return typeof program === 'string' && facts?.declared == null && sign.all.every((one) => one.test(program));
    return commands.some(({ field, text }) => !isUsual(sign, field, facts) && sign.all.every((one) => one.test(text)));
  });
}

/** An alert without a command line of its own has it in its output. */
function commandsOf({ fields, output }: Alert): { field: string; text: string }[] {
  const found = Object.entries(fields).flatMap(([field, value]) =>
    COMMANDS.test(field) && typeof value === 'string' ? [{ field, text: value.slice(0, SEARCHED) }] : [],
  );
  return 'proc.cmdline' in fields ? found : [...found, { field: 'output', text: output.slice(0, SEARCHED) }];
}

function isUsual({ usualIfDeclared }: Sign, field: string, facts: PodFacts | undefined): boolean {
  if (usualIfDeclared !== true || facts === undefined) return false;
  return field === 'proc.pcmdline'
    ? facts.parentDeclared !== null
    : facts.declared !== null && field === 'proc.cmdline';
}

/** An answer, as strong as the strongest sign in the alert's texts makes it. Never weaker. */
export function raised(answer: PlaybookEntry, alert: Alert, facts: PodFacts | undefined): PlaybookEntry {
  const signs = signsOf(alert, facts);
  const strongest = signs
    .map((sign) => ({ sign, to: reach(sign, facts) }))
    .sort((a, b) => level(b.to) - level(a.to))[0];
  if (strongest === undefined || level(strongest.to) <= level(answer.decision)) return answer;
  const { sign, to } = strongest;
  const reason = `The alert's text shows ${sign.meaning}. By the rule alone: ${answer.reason}`;
  return to === 'escalate' ? review(reason) : contain(reason);
}

/** What is usual in an init container or for an agent of the node, and what a person does in one for debugging, a person judges. */
function reach({ raisesTo, personFor }: Sign, facts: PodFacts | undefined): Sign['raisesTo'] {
  const isForPerson =
    meets(facts, { kind: ['init', 'ephemeral'] }) || (personFor !== undefined && meets(facts, personFor));
  return isForPerson ? 'escalate' : raisesTo;
}
