/** A word of a command line, in UTF-16 units, without its opening quotes and brackets. */
export interface Word {
  text: string;
  start: number;
  end: number;
  /** Whether the previous command has ended: by a line break, by `;`, `|` or `&`. */
  first: boolean;
  /** Whether it reads the output of the previous command. */
  piped: boolean;
}

const QUOTE = String.raw`\\{0,4}["']`;
/** Spaces, and the separators between the elements of a list in YAML and JSON. */
export const BETWEEN = new RegExp(String.raw`(?:\n[ \t]{0,64}-[ \t]|\s|${QUOTE}\s{0,8},\s{0,8}${QUOTE})+`, 'y');
/** A pipe without spaces belongs to a password, unless it is followed by a program that reads one. */
const PIPE = String.raw`\|(?=(?:sudo|chpasswd|passwd|kinit|docker|podman|helm|gh|vault|cryptsetup|smbpasswd|su)\b)`;
export const WORD = new RegExp(String.raw`${PIPE}|(?:(?!${QUOTE}\s{0,8},\s{0,8}${QUOTE}|${PIPE})\S)+`, 'y');
const LINE_ENDS = /\n(?![ \t]{0,64}-[ \t])/;
const OPENING = /^["'`$({[]+/;

/** The words of a text that may be a command line, a script, or a list of arguments in JSON. */
export function* wordsOf(text: string): Generator<Word> {
  let index = 0;
  let ended = true;
  let piped = false;
  let continued = false;
  while (index < text.length) {
    const between = matchAt(BETWEEN, text, index);
    ended ||= !continued && LINE_ENDS.test(between);
    index += between.length;
    const word = matchAt(WORD, text, index);
    if (word === '') return;
    continued = word === '\\';
    const quotes = OPENING.exec(word)?.[0].length ?? 0;
    if (!/^(?:[;|&]+|\\)$/.test(word)) {
      yield { text: word.slice(quotes), start: index + quotes, end: index + word.length, first: ended, piped };
      ended = false;
    }
    if (/[;|&]$/.test(word)) {
      ended = true;
      piped = /(?<!\|)\|$/.test(word);
    }
    index += word.length;
  }
}

/** The start of the word after an index, its quotes included. */
export function nextWord(text: string, index: number): number {
  return index + matchAt(BETWEEN, text, index).replace(/\\{0,4}["']$/, '').length;
}

/** The name of the program in a word. */
export function programOf(word: string): string {
  return /([\w.+-]+)["'`;|&)}\]\\]*$/.exec(word.slice(-64))?.[1] ?? '';
}

function matchAt(what: RegExp, text: string, index: number): string {
  what.lastIndex = index;
  return what.exec(text)?.[0] ?? '';
}
