import { anyProgram, COMMAND_KIND } from './commandOptions';
import { type ArgumentRule, ARGUMENTS, READERS } from './commandRules';
import { isSecretBy } from './secretName';
import type { Span } from './span';
import { programOf, type Word, wordsOf } from './words';

const BY_PROGRAM = new Map<string, ArgumentRule[]>();
for (const rule of ARGUMENTS)
  for (const program of rule.programs) BY_PROGRAM.set(program, [...(BY_PROGRAM.get(program) ?? []), rule]);
const ANY_PROGRAM = anyProgram([...BY_PROGRAM.keys(), 'echo', 'printf', 'chpasswd', 'passwd', 'kinit', 'su', 'sudo']);

/**
 * Passwords that are arguments of their own, found by position, and passwords that are piped or written into a program.
 */
export function findArguments(text: string): Span[] {
  if (!ANY_PROGRAM.test(text)) return [];
  const spans: Span[] = [];
  let before: Word[] = [];
  for (const command of commandsOf(text)) {
    spans.push(...given(command), ...written(command), ...(command[0]?.piped === true ? piped(before, command) : []));
    before = command;
  }
  return spans.filter(({ start, end }) => start < end && isSecretBy('certain', 'password', text.slice(start, end)));
}

function* commandsOf(text: string): Generator<Word[]> {
  let command: Word[] = [];
  for (const word of wordsOf(text)) {
    if (word.first && command.length > 0) {
      yield command;
      command = [];
    }
    command.push(word);
  }
  if (command.length > 0) yield command;
}

/** By position: mc alias set NAME URL ACCESS SECRET */
function* given(command: readonly Word[]): Generator<Span> {
  const at = command.findLastIndex(({ text }) => BY_PROGRAM.has(programOf(text)));
  if (at < 0) return;
  const words = command.slice(at + 1);
  for (const { after, from, count = 1, given: option, part } of BY_PROGRAM.get(programOf(command[at]?.text ?? '')) ??
    []) {
    if (option !== undefined && !words.some(({ text }) => option.test(text))) continue;
    const plain = words.filter(({ text }) => !text.startsWith('-'));
    const begin = indexAfter(plain, after);
    for (const word of begin === null ? [] : plain.slice(begin + from - 1, begin + from - 1 + count)) {
      if (part === undefined) yield whole(word);
      else yield* partOf(word, part);
    }
  }
}

/** The index after a sequence of words, or null if it does not occur. */
function indexAfter(words: readonly Word[], sequence: readonly string[]): number | null {
  const begin = words.findIndex((_, index) =>
    sequence.every((wanted, offset) => words[index + offset]?.text.toLowerCase() === wanted),
  );
  return sequence.length === 0 ? 0 : begin < 0 ? null : begin + sequence.length;
}

/** kinit user <<< PASSWORD */
function* written(command: readonly Word[]): Generator<Span> {
  const at = command.findIndex(({ text }) => text.startsWith('<<<'));
  const reader = readerOf(command);
  if (at < 0 || reader === undefined) return;
  const glued = command[at]?.text.length === 3 ? 0 : 3;
  const words = command.slice(glued === 0 ? at + 1 : at);
  yield* text(words, glued, reader.before);
}

/** echo user:PASSWORD | chpasswd */
function* piped(before: readonly Word[], command: readonly Word[]): Generator<Span> {
  const reader = readerOf(command);
  const at = before.findLastIndex(({ text }) => /^(?:echo|printf)$/.test(programOf(text)));
  if (reader === undefined || at < 0) return;
  yield* text(
    before.slice(at + 1).filter(({ text }) => !/^-[neE]+$/.test(text)),
    0,
    reader.before,
  );
}

function readerOf(command: readonly Word[]) {
  return READERS.find(({ word }) => command.some(({ text }) => word.test(programOf(text))));
}

/** From the first to the last of some words, without the text before the secret. */
function* text(words: readonly Word[], skip: number, before: string | undefined): Generator<Span> {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return;
  const user = before === undefined ? 0 : first.text.indexOf(before) + 1;
  yield { start: first.start + Math.max(skip, user), end: whole(last).end, kind: COMMAND_KIND };
}

function whole({ text, start, end }: Word): Span {
  const closing = /["'`)\]};|&]*$/.exec(text)?.[0].length ?? 0;
  return { start, end: end - closing, kind: COMMAND_KIND };
}

function* partOf(word: Word, part: RegExp): Generator<Span> {
  const found = part.exec(word.text);
  const secret = found?.[1];
  if (found === null || secret === undefined) return;
  const start = word.start + found[0].length - secret.length;
  yield { start, end: Math.min(start + secret.length, whole(word).end), kind: COMMAND_KIND };
}
