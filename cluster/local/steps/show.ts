import { Listr } from 'listr2';
import { messageOf } from '../errors.js';
import { record } from '../log/runLog.js';
import { duration, progress } from './duration.js';
import { begin, type Running, type Step } from './steps.js';

const isTerminal = process.stdout.isTTY;
// A terminal shows the line in place; a log gets a new one each time.
const EVERY_MILLISECONDS = isTerminal ? 500 : 20_000;

/** Runs the steps and shows them until all have ended. @throws the first error of a step */
export const runSteps = (steps: Step[]): Promise<void> => show([...begin(steps).values()]);

/**
 * Shows steps until all have ended: on a terminal as a list that changes, else as lines.
 * @throws the first step's own error; the list shows its first line only
 */
export async function show(steps: Running[]): Promise<void> {
  for (const step of steps) void recordEnd(step);
  await (isTerminal ? showList(steps) : Promise.all(steps.map(showLines)));
}

/** Whichever way it is shown, the log has when each step ended. */
async function recordEnd(step: Running): Promise<void> {
  await step.done.then(
    () => {
      record(`done    ${ended(step)}`);
    },
    // The error itself is recorded once, where the command ends.
    () => {
      if (step.startedAt !== undefined) record(`FAILED  ${ended(step)}`);
    },
  );
}

async function showList(steps: Running[]): Promise<void> {
  const failures: unknown[] = [];
  const tasks = steps.map((step) => ({
    title: step.title,
    task: async (_: unknown, task: { title: string; output: string }): Promise<void> => {
      const update = (): void => {
        task.title = named(step);
        task.output = state(step);
      };
      const timer = setInterval(update, EVERY_MILLISECONDS);
      update();
      try {
        await step.done;
        task.title = ended(step);
      } catch (error) {
        failures.push(error);
        throw new Error(messageOf(error).split('\n')[0]);
      } finally {
        clearInterval(timer);
      }
    },
  }));
  await new Listr(tasks, { concurrent: true }).run().catch((error: unknown) => {
    throw failures[0] ?? error;
  });
}

async function showLines(step: Running): Promise<void> {
  step.retitled = () => {
    console.log(`… ${named(step)}`);
  };
  const timer = setInterval(() => {
    if (step.startedAt !== undefined) console.log(`… ${step.title}: ${state(step)}`);
  }, EVERY_MILLISECONDS);
  try {
    await step.done;
    console.log(`✔ ${ended(step)}`);
  } finally {
    clearInterval(timer);
  }
}

/** What a step does now, how long already, and how long still. */
function state({ startedAt, waitsFor, expected, said }: Running): string {
  if (startedAt === undefined) {
    const open = waitsFor.filter(({ endedAt }) => endedAt === undefined).map(({ title }) => title);
    return `waits for: ${open.join(', ')}`;
  }
  const time = progress((performance.now() - startedAt) / 1000, expected);
  return said === '' ? time : `${time}; ${said}`;
}

const named = ({ title, why }: Running): string => (why === undefined ? title : `${title}: ${why}`);

const ended = ({ title, startedAt = 0, endedAt = 0 }: Running): string =>
  `${title}, ${duration((endedAt - startedAt) / 1000)}`;
