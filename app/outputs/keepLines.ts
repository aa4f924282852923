import { droppedBy, droppedLine } from '../../core/telemetry/droppedLine';
import type { LogLine } from '../../core/telemetry/logLine';
import { counted } from '../../core/telemetry/samples';
import { type LinesOutput, outputOf, timed, waitingNow } from './linesOutput';
import type { OutputStore } from './ports';

/** Keeps lines until they are sent, within the bounds. @returns how many older lines were dropped for it */
export async function keepLines(
  store: OutputStore,
  to: LinesOutput,
  lines: readonly LogLine[],
  now: Date,
): Promise<number> {
  await store.keep(outputOf(to), timed(lines, now));
  return dropLines(store, to, now);
}

/** Drops the oldest lines beyond the bounds: they are counted, and one line names them. @returns how many */
export async function dropLines(store: OutputStore, to: LinesOutput, now: Date): Promise<number> {
  const beyond = await store.beyond(outputOf(to));
  if (beyond.length === 0) return 0;
  const [named] = timed([droppedLine(beyond.map(({ reason, line }) => droppedBy(reason, line)))], now);
  if (named === undefined) return 0;
  const ids = beyond.map(({ id }) => id);
  // Others may have sent or dropped some of them meanwhile.
  const gone = new Set(await store.replace(outputOf(to), ids, named));
  await store.count(to.instance, null, [
    ...beyond
      .filter(({ id }) => gone.has(id))
      .flatMap(({ reason }) => counted('incident_pipeline_output_dropped_total', 1, { output: 'loki', reason })),
    ...(await waitingNow(store, to)),
  ]);
  return gone.size;
}
