import type { Alert } from '../../incident/alert';
import type { PodFacts } from '../../incident/podFacts';
import { level } from '../strength';
import { type Conditions, meets } from './conditions';
import { contain, containFirst, type PlaybookEntry, review } from './entry';
import { BY_DESIGN } from './patterns';
import { storyOf } from './related';
import type { Sign } from './sign';
import { SIGNS } from './signs';

/** Falco's fields with command lines (falco.org, "Supported Fields"): of the process, then of those that started it. */
const COMMANDS = /^proc\.(?:cmdline|pcmdline|args|exeline|exe|exepath|acmdline\[\d{1,2}\])$/;
/** How much of a text is searched, in UTF-16 units: as long as an alert's output. */
const SEARCHED = 4096;

/** The signs of an attack in an alert's texts. */
export function signsOf(alert: Alert, facts: PodFacts | undefined): Sign[] {
  if (!isSearched(alert)) return [];
  const commands = commandsOf(alert);
  return SIGNS.filter((sign) => {
    const { rules, exceptRules, when, after, fields, all, unless } = sign;
    if (rules?.includes(alert.rule) === false || exceptRules?.includes(alert.rule) === true) return false;
    // Without facts it is the answer for an attack.
    if (when !== undefined && facts !== undefined && !meets(facts, when)) return false;
    if (after !== undefined && facts !== undefined && (facts.container.ranSeconds ?? 0) < after) return false;
    if (fields?.every(([names, pattern]) => names.some((name) => pattern.test(textOf(alert, name)))) === false)
      return false;
    if (all === undefined) return !isUsual(sign, 'proc.cmdline', facts);
    return commands.some(
      ({ field, text }) =>
        !isUsual(sign, field, facts) && unless?.test(text) !== true && all.every((one) => one.test(text)),
    );
  });
}

/** Only Falco's own alerts are searched, with a pod to act on: whether it is there, the decision policy checks. */
function isSearched({ source, trust, target }: Alert): boolean {
  return source === 'falco' && trust === 'kernel' && target !== null;
}

function textOf({ fields }: Alert, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, SEARCHED) : '';
}

/** An alert without a command line of its own has it in its output. */
function commandsOf({ fields, output }: Alert): { field: string; text: string }[] {
  const found = Object.entries(fields).flatMap(([field, value]) =>
    COMMANDS.test(field) && typeof value === 'string' ? [{ field, text: value.slice(0, SEARCHED) }] : [],
  );
  return 'proc.cmdline' in fields ? found : [...found, { field: 'output', text: output.slice(0, SEARCHED) }];
}

/** The process's own fields, which its declared command line explains. */
const OF_PROCESS: ReadonlySet<string> = new Set([
  'proc.cmdline',
  'proc.args',
  'proc.exe',
  'proc.exepath',
  'proc.exeline',
]);
const FOR_PEOPLE: readonly Conditions[] = [{ kind: ['init', 'ephemeral'] }];

function isUsual({ usualIfDeclared }: Sign, field: string, facts: PodFacts | undefined): boolean {
  if (usualIfDeclared !== true || facts === undefined) return false;
  return field === 'proc.pcmdline' ? facts.parentDeclared !== null : facts.declared !== null && OF_PROCESS.has(field);
}

/** An answer, as strong as the signs in an alert's texts and earlier incidents make it. Never weaker. */
export function raised(answer: PlaybookEntry, alert: Alert, facts: PodFacts | undefined): PlaybookEntry {
  const reasons = [
    ...signsOf(alert, facts).map((sign) => ({
      why: `The alert's text shows ${sign.meaning}.`,
      to: reach(sign.raisesTo, sign.personFor ?? [], facts),
      first: sign.containFirst === true,
    })),
    ...storiesOf(alert).map((story) => ({
      why: `Within an hour, ${story}.`,
      to: reach('quarantine_pod', BY_DESIGN, facts),
      first: false,
    })),
  ];
  const [strongest] = reasons.toSorted((a, b) => level(b.to) - level(a.to) || Number(b.first) - Number(a.first));
  if (strongest === undefined || level(strongest.to) <= level(answer.decision)) return answer;
  const reason = `${strongest.why} By the rule alone: ${answer.reason}`;
  if (strongest.to === 'escalate') return review(reason);
  return strongest.first ? containFirst(reason, 'isolateByText') : contain(reason, 'isolateByText');
}

function storiesOf(alert: Alert): string[] {
  const story = isSearched(alert) ? storyOf(alert) : null;
  return story === null ? [] : [story];
}

/** What is usual in an init container or for an agent of the node, and what a person does in one for debugging, a person judges. */
function reach(to: Sign['raisesTo'], personFor: readonly Conditions[], facts: PodFacts | undefined): Sign['raisesTo'] {
  return [...FOR_PEOPLE, ...personFor].some((when) => meets(facts, when)) ? 'escalate' : to;
}
