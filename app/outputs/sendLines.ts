import { randomUUID } from 'node:crypto';

import { messageWithStep } from '../../core/errors';
import { counted } from '../../core/telemetry/samples';
import { type LinesOutput, outputOf, type Said, waitingNow } from './linesOutput';
import type { OutputStore, TimedLine, WaitingLine } from './ports';

/** Sent in one request, far below Loki's limits of a request and of a second. */
const BATCH = { lines: 200, bytes: 1024 * 1024 } as const;
/** Requests of one execution: what still waits then is left to the next. */
const MOST_BATCHES = 20;
/** So many refusals in a row say that the server refuses everything. */
const MOST_REFUSALS = 3;
/** A line that is refused waits that long, and lets others pass. */
const PUT_OFF_SECONDS = 600;
/** The same because of its time: another process, whose clock is right, may send it soon. */
const WRONG_TIME_SECONDS = 60;
/** A line gets another time only if its own is so far from the time of now. */
const SAME_TIME_MS = 60_000;

/**
 * Sends what waits, the oldest first, as long as nobody else does. A line is forgotten when the server has it; one that is sent again
 * has the same time and is stored once.
 * @returns what keeps lines from being sent, null if nothing does
 */
export async function sendLines(store: OutputStore, to: LinesOutput, now: () => Date): Promise<string | null> {
  const output = outputOf(to);
  for (let batches = MOST_BATCHES; batches > 0; ) {
    const owner = randomUUID();
    const turn = await store.begin(output, owner);
    if (!turn.mine) return turn.problem;
    let { problem, refused, late }: BatchResult = NOTHING;
    for (; problem === null && batches > 0; batches -= 1) {
      const lines = await store.next(output, BATCH);
      if (lines.length === 0) break;
      const result = await sendBatch(store, to, lines, now);
      late += result.late;
      refused ??= result.refused;
      ({ problem } = result);
    }
    if (problem !== null) await store.late(output);
    await countAttempt(store, to, { late, failed: (problem ?? refused) !== null });
    await store.end(output, owner, problem === null ? { delivered: 0 } : { problem });
    if ((problem ?? refused) !== null) return problem ?? refused;
    // An execution that kept lines since found the turn taken, and relies on this look.
    if ((await store.next(output, { lines: 1, bytes: 1 })).length === 0) return null;
  }
  return null;
}

interface BatchResult {
  late: number;
  /** Why the server takes nothing now. */
  problem: string | null;
  /** Why it refused the first line that it refused, if it took others. */
  refused: string | null;
}

const NOTHING: BatchResult = { late: 0, problem: null, refused: null };

/** A batch, or each of its lines if the batch is refused: one that is refused must not keep the others. */
async function sendBatch(
  store: OutputStore,
  to: LinesOutput,
  lines: readonly WaitingLine[],
  now: () => Date,
): Promise<BatchResult> {
  const said = await answerOf(to, lines);
  const ids = lines.map(({ id }) => id);
  if (said === 'taken') return { ...NOTHING, late: await store.sent(outputOf(to), ids) };
  if (typeof said === 'object' && 'down' in said) return { ...NOTHING, problem: said.down };
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return sendRefused(store, to, only, said, now);
  let all = NOTHING;
  let inARow = 0;
  for (const line of lines) {
    const { late, problem, refused } = await sendBatch(store, to, [line], now);
    all = { late: all.late + late, problem, refused: all.refused ?? refused };
    inARow = refused === null ? 0 : inARow + 1;
    if (inARow === MOST_REFUSALS) all = { ...all, problem: refused };
    if (all.problem !== null) break;
  }
  return all;
}

/**
 * What is too old for its place among others, or in the future, gets the time of now: the process that sends it may have another clock
 * than the one that kept it. What is refused for another reason waits, for its server may be changed.
 */
async function sendRefused(
  store: OutputStore,
  to: LinesOutput,
  line: WaitingLine,
  said: 'too old' | 'too new' | { refused: string },
  now: () => Date,
): Promise<BatchResult> {
  const output = outputOf(to);
  const isWrongTime = said === 'too old' || said === 'too new';
  if (isWrongTime && mayBeDelayed(line, now())) {
    const again = { id: line.id, ...delayed(line, now()) };
    // Kept first: if the process is killed, the line is sent again with this time, and stored once.
    await store.retime(output, line.id, again);
    return sendBatch(store, to, [again], now);
  }
  await store.putOff(output, line.id, isWrongTime ? WRONG_TIME_SECONDS : PUT_OFF_SECONDS);
  return {
    ...NOTHING,
    refused: isWrongTime ? `the line is ${said}, with the time of now as well: compare the clocks` : said.refused,
  };
}

async function answerOf(to: LinesOutput, lines: readonly TimedLine[]): Promise<Said> {
  try {
    return await to.send(lines);
  } catch (error) {
    return { down: messageWithStep(error) };
  }
}

const msOf = ({ time }: TimedLine): number => Number(time.slice(0, -6));

function mayBeDelayed(line: TimedLine, now: Date): boolean {
  return line.line.metadata.delayed_from === undefined || Math.abs(now.getTime() - msOf(line)) > SAME_TIME_MS;
}

function delayed(given: TimedLine, now: Date): TimedLine {
  const { time, line } = given;
  const from = line.metadata.delayed_from ?? new Date(msOf(given)).toISOString();
  return {
    time: `${now.getTime()}${time.slice(-6)}`,
    line: { ...line, metadata: { ...line.metadata, delayed_from: from } },
  };
}

/** Counts what a person has to know of; an attempt with which all is well changes nothing. */
async function countAttempt(
  store: OutputStore,
  to: LinesOutput,
  { late, failed }: { late: number; failed: boolean },
): Promise<void> {
  if (late === 0 && !failed) return;
  const loki = { output: 'loki' };
  await store.count(to.instance, null, [
    ...(failed ? counted('incident_pipeline_output_failure_total', 1, loki) : []),
    ...counted('incident_pipeline_output_late_total', late, loki),
    ...(await waitingNow(store, to)),
  ]);
}
