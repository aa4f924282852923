import { parseArgs } from 'node:util';

/** An option as Node's parseArgs takes it, with what --help says of it. */
interface Option {
  type: 'string' | 'boolean';
  default?: string | boolean;
  /** What stands for its value in the help. */
  value?: string;
  about: string;
}

/** How a program is called. */
export interface CommandLine<Options> {
  /** Such as `npm run eval`. */
  command: string;
  about: string;
  options: Options;
  /** What stands for the other arguments in the help, if it takes any. */
  others?: string;
}

/** --help was given; the message is the help. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

/**
 * Reads a command line.
 * @throws HelpRequested for --help; Error that says which option is unknown or lacks its value
 */
export function parse<const Options extends Readonly<Record<string, Option>>>(
  line: CommandLine<Options>,
  args: readonly string[],
) {
  if (args.includes('--help') || args.includes('-h')) throw new HelpRequested(helpOf(line));
  return parseArgs({ args: [...args], options: line.options, allowPositionals: line.others !== undefined });
}

/**
 * What a program does before anything else: it reads its command line. --help ends it with 0, and a wrong option with 2, both
 * before anything is done.
 */
export function readCommandLine<Read>(read: (args: readonly string[]) => Read): Read {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    if (error instanceof HelpRequested) {
      console.log(error.message);
      process.exit(0);
    }
    console.error(`${error instanceof Error ? error.message : String(error)}\n--help lists the options.`);
    process.exit(2);
  }
}

/** @throws Error unless the text of an option is a number within its limits */
export function numberOf(option: string, text: string | number, least: number, most: number): number {
  const value = text === '' ? NaN : Number(text);
  if (!(value >= least && value <= most)) throw new Error(`--${option} is a number from ${least} to ${most}.`);
  return value;
}

function helpOf({ command, about, options, others }: CommandLine<Readonly<Record<string, Option>>>): string {
  const help: Option = { type: 'boolean', about: 'print this, and do nothing' };
  const rows = Object.entries({ ...options, help }).map(([name, option]) => ({
    option: `--${name}${option.type === 'string' ? ` ${option.value ?? 'N'}` : ''}`,
    about: `${option.about}${typeof option.default === 'string' && option.default !== '' ? ` (${option.default})` : ''}`,
  }));
  const width = Math.max(...rows.map(({ option }) => option.length));
  return [
    `Usage: ${command} -- [options]${others === undefined ? '' : ` ${others}`}`,
    '',
    about,
    '',
    ...rows.map((row) => `  ${row.option.padEnd(width)}  ${row.about}`),
  ].join('\n');
}
