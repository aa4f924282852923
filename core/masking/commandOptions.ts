import { valueAt } from './places';
import { isSecret } from './secretName';
import type { Span } from './span';

/** Programs whose options hold a password under a letter that means something else everywhere else. */
interface CommandRule {
  programs: readonly string[];
  /** The option up to its value: as a word of its own the value is the next word, else the rest of this one. */
  option: RegExp;
  /** In a value such as user:password, what stands before the password. */
  before?: string;
}

const COMMANDS: readonly CommandRule[] = [
  {
    programs: [
      'mysql',
      'mysqldump',
      'mysqladmin',
      'mysqlimport',
      'mysqlsh',
      'mariadb',
      'mariadb-dump',
      'mariadb-admin',
    ],
    option: /^-p/,
  },
  { programs: ['mongo', 'mongosh', 'mongodump', 'mongorestore', 'mongoexport', 'mongoimport'], option: /^-p/ },
  // docker login, helm registry login, az login, oc login
  { programs: ['login', 'sshpass', '7z', '7za', '7zr', 'evil-winrm', 'crackmapexec', 'netexec', 'nxc'], option: /^-p/ },
  { programs: ['zip', 'unzip', 'mosquitto_pub', 'mosquitto_sub', 'sqlcmd', 'bcp'], option: /^-P/ },
  { programs: ['redis-cli', 'valkey-cli'], option: /^-a/ },
  { programs: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapdelete', 'ldapwhoami', 'ldappasswd'], option: /^-w/ },
  { programs: ['openssl'], option: /^-[kK](?=$)/ },
  {
    programs: ['curl', 'wget'],
    option: /^(?:-[A-Za-z]{0,8}[uU](?=$)|-[uU](?=.)|--(?:proxy-)?user(?:=|$))/,
    before: ':',
  },
  { programs: ['smbclient', 'rpcclient', 'smbmap', 'net'], option: /^-U/, before: '%' },
];

export const COMMAND_KIND = 'password';

const BY_PROGRAM = new Map(COMMANDS.flatMap((command) => command.programs.map((program) => [program, command])));
const ANY_PROGRAM = new RegExp(`(?<![\\w.-])(?:${[...BY_PROGRAM.keys()].join('|')})(?![\\w.-])`);
const OPENING = /^["'`$({]+/;

/** Passwords given by one-letter options, word by word: the last known program before an option says what it means. */
export function findOptions(text: string): Span[] {
  if (!ANY_PROGRAM.test(text)) return [];
  const spans: Span[] = [];
  let command: CommandRule | undefined;
  const words = /\S+/g;
  for (let found = words.exec(text); found !== null; found = words.exec(text)) {
    const quotes = OPENING.exec(found[0])?.[0].length ?? 0;
    const word = found[0].slice(quotes);
    const option = command?.option.exec(word)?.[0].length;
    if (command !== undefined && option !== undefined) {
      const at = found.index + quotes + option;
      const span = passwordAt(text, option === word.length ? nextWord(text, at) : at, command.before);
      if (span !== null) {
        if (isSecret('password', text.slice(span.start, span.end))) spans.push({ ...span, kind: COMMAND_KIND });
        words.lastIndex = Math.max(span.end, words.lastIndex);
      }
      continue;
    }
    command = BY_PROGRAM.get(programOf(word)) ?? command;
    if (/[;|&]$/.test(word)) command = undefined;
  }
  return spans;
}

function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/["'`;|&)}]+$/, '');
}

function nextWord(text: string, index: number): number {
  const space = /\s*/y;
  space.lastIndex = index;
  return index + (space.exec(text)?.[0].length ?? 0);
}

/** The password in the value at an index; none where the next word is an option or the value has no such part. */
function passwordAt(text: string, index: number, before: string | undefined): Omit<Span, 'kind'> | null {
  if (text.charAt(index) === '-') return null;
  const value = valueAt(text, index);
  if (value === null || before === undefined) return value;
  const part = text.slice(value.start, value.end).indexOf(before) + 1;
  return part === 0 || value.start + part === value.end ? null : { start: value.start + part, end: value.end };
}
