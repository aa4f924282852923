import { writeSync } from 'node:fs';
import { isDiskFull, roomRemedy } from './build/remedy.js';
import { messageOf, Refusal, StackError } from './errors.js';
import { record, RUN_LOG } from './log/runLog.js';
import { removeUnfinished } from './unfinished.js';

/** A command that ends without an error may still set 1: what failed was shown where it happened. */
const EXIT = { failed: 1, refused: 2 } as const;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ends the command after an error: what happened, what to do, and where the log is. What else was being built ends with it. */
export function failBy(error: unknown, isLogged: boolean): never {
  const remedy = remedyOf(error);
  const stack = error instanceof Error && remedy === undefined ? error.stack : undefined;
  const what = `Error: ${messageOf(error)}\n\n${remedy === undefined ? (stack ?? '') : `What to do: ${remedy}`}`;
  console.error(`\n${what}`);
  if (isLogged) {
    record(what);
    console.error(`\nWhat happened until then, without secrets: ${RUN_LOG}`);
  }
  process.exit(error instanceof Refusal ? EXIT.refused : EXIT.failed);
}

function remedyOf(error: unknown): string | undefined {
  if (error instanceof StackError) return error.remedy;
  return isDiskFull(messageOf(error)) ? roomRemedy(2) : undefined;
}

/** After Ctrl-C or SIGTERM: removes files with plain secrets, and says how to go on. */
export function stopBySignal(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      record(`stopped by ${name}`);
      removeUnfinished();
      // Not by console: while a list of steps is shown on a terminal it holds back what others print there.
      writeSync(
        process.stderr.fd,
        '\nStopped. What was finished stays, and what was started runs on.\n' +
          'The same command continues from here; ./deploy.sh --local --down stops everything.\n',
      );
      process.exit(SIGNALS[name]);
    });
}
