import type { OutputStore, Waiting } from './ports';

/** What a person reads of the outputs: what waits and why, a line each; one line if all is well. */
export async function reportOutputs(store: OutputStore): Promise<string[]> {
  const [waiting, problems] = await Promise.all([store.waitingOutputs(), store.problems()]);
  const problemOf = new Map(problems.map(({ output, problem }) => [output, problem]));
  const lines = waiting.map(({ output, ...what }) => withReason(`Loki: ${inWords(what)}`, problemOf.get(output)));
  const keysWaiting = new Set(waiting.map(({ output }) => output));
  const others = problems
    .filter(({ output }) => !keysWaiting.has(output))
    .map(({ output, problem }) => withReason(`${nameOf(output)}: the last attempt failed`, problem));
  return lines.length + others.length === 0 ? ['Loki and Pushgateway: nothing waits'] : [...lines, ...others];
}

function inWords({ lines, bytes, since }: Waiting): string {
  const from = since === null ? '' : ` since ${new Date(since).toISOString()}`;
  return `${lines} log lines wait${from} (${Math.ceil(bytes / 1024)} KiB)`;
}

const withReason = (what: string, problem: string | undefined): string =>
  problem === undefined ? what : `${what}: ${problem}`;

/** Keys of outputs begin with what they are about. */
const nameOf = (output: string): string => (output.startsWith('["counts"') ? 'Pushgateway' : 'Loki');
