import { type OptionRule, OPTIONS } from './commandRules';
import { valueAt } from './places';
import { isSecretBy } from './secretName';
import type { Span } from './span';
import { nextWord, programOf, wordsOf } from './words';

export const COMMAND_KIND = 'password';

const BY_PROGRAM = new Map<string, OptionRule[]>();
for (const rule of OPTIONS)
  for (const program of rule.programs) BY_PROGRAM.set(program, [...(BY_PROGRAM.get(program) ?? []), rule]);

/** Whether a text may call one of these programs: `http` is a program, but it also begins most URLs. */
export function anyProgram(programs: Iterable<string>): RegExp {
  return new RegExp(`(?<![\\w.-])(?:${[...programs].join('|').replaceAll('.', '\\.')})(?![\\w.:-])`);
}
const ANY_PROGRAM = anyProgram(BY_PROGRAM.keys());

/** Passwords in one-letter options, word by word: the last known program before an option defines its meaning. */
export function findOptions(text: string): Span[] {
  if (!ANY_PROGRAM.test(text)) return [];
  const spans: Span[] = [];
  let rules: readonly OptionRule[] = [];
  let read = 0;
  for (const word of wordsOf(text)) {
    if (word.start < read) continue;
    if (word.first) rules = [];
    const rule = rules.find(({ option }) => option.test(word.text));
    if (rule === undefined) {
      rules = BY_PROGRAM.get(programOf(word.text)) ?? rules;
      continue;
    }
    const length = rule.option.exec(word.text)?.[0].length ?? 0;
    const at = word.start + length;
    const span = passwordAt(text, length === word.text.length ? nextWord(text, at) : at, rule);
    if (span === null) continue;
    if (isSecretBy('certain', 'password', text.slice(span.start, span.end)))
      spans.push({ ...span, kind: COMMAND_KIND });
    read = span.end;
  }
  return spans;
}

/** The value format of curl -b and others: parts joined by `; `, whose quotes a process list does not show. */
const JOINED = /([^\s"'\\]+(?:(?<=;)[ \t][^\s"'\\]+)*)/y;

/** The password in the value at an index; null if the next word is an option or the value has no such part. */
function passwordAt(text: string, index: number, { before }: OptionRule): Omit<Span, 'kind'> | null {
  if (text.charAt(index) === '-') return null;
  const value =
    (before === '=' && !/["'\\]/.test(text.charAt(index)) ? valueAt(text, index, JOINED) : null) ??
    valueAt(text, index);
  if (value === null || before === undefined) return value;
  const said = text.slice(value.start, value.end);
  const known = /^\[masked: [a-z0-9 -]{1,60}\]/.exec(said)?.[0].length ?? 0;
  const part = said.indexOf(before, known) + 1;
  if (part > 0 && part < said.length && said.slice(part) !== 'x-oauth-basic')
    return { start: value.start + part, end: value.end };
  // A token may be given instead of the user: curl -u TOKEN:
  const user = { start: value.start, end: part === 0 ? value.end : value.start + part - 1 };
  return before === ':' && isSecretBy('suspicious', 'key', text.slice(user.start, user.end)) ? user : null;
}
