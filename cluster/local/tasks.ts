import { Listr, PRESET_TIMER } from 'listr2';
import { messageOf } from './errors.js';

/** Shows a line about what a task is at. */
export type Say = (line: string) => void;

interface Step {
  title: string;
  run: (say: Say) => Promise<void>;
}

const isTerminal = process.stdout.isTTY;
// A terminal shows the last line in place; a log gets a new one each time.
const SAY_EVERY_MILLISECONDS = isTerminal ? 500 : 20_000;

/**
 * Runs the steps with their progress and durations on the terminal, or as plain lines where there is none.
 * @throws the first step's own error; the list shows its first line only
 */
export async function runSteps(steps: Step[], { concurrent = false } = {}): Promise<void> {
  const failures: unknown[] = [];
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_: unknown, task: { output: string }): Promise<void> => {
      try {
        await run(throttled((line) => (task.output = line)));
      } catch (error) {
        failures.push(error);
        throw new Error(messageOf(error).split('\n')[0]);
      }
    },
  }));
  const list = new Listr(tasks, {
    concurrent,
    renderer: isTerminal ? 'default' : 'simple',
    rendererOptions: { timer: PRESET_TIMER },
  });
  await list.run().catch((error: unknown) => {
    throw failures[0] ?? error;
  });
}

function throttled(say: Say): Say {
  let said = -Infinity;
  return (line) => {
    if (performance.now() - said < SAY_EVERY_MILLISECONDS) return;
    said = performance.now();
    say(line);
  };
}
