import { z } from 'zod/v4';

import type { LogLine } from '../../core/telemetry/logLine';
import { gauged, type Sample } from '../../core/telemetry/samples';
import type { OutputStore, TimedLine } from './ports';

/**
 * What a server says of lines: it has them; they are too old for it, or too far in the future; it refuses one of them, or all
 * together; or it takes nothing at the moment.
 */
export type Said = 'taken' | 'too old' | 'too new' | { refused: string } | { down: string };

/** Where an n8n's lines go. */
export interface LinesOutput {
  /** The n8n, whose counts say what waits. */
  instance: string;
  /** Which Loki, by a name that stays when its address changes. */
  destination: string;
  send: (lines: readonly TimedLine[]) => Promise<Said>;
}

/** The key of an output in the store. */
export const outputOf = ({ instance, destination }: Omit<LinesOutput, 'send'>): string =>
  JSON.stringify(['lines', instance, destination]);

/** Lines that follow one another are a nanosecond apart, so that they keep their order. */
export function timed(lines: readonly LogLine[], now: Date): TimedLine[] {
  return lines.map((line, index) => ({ time: `${now.getTime()}${String(index).padStart(6, '0')}`, line }));
}

/** What the counts of an n8n say of its lines that wait now, wherever they go. */
export async function waitingNow(store: OutputStore, { instance }: LinesOutput): Promise<Sample[]> {
  const waiting = (await store.waitingOutputs()).filter(({ output }) => instanceOf(output) === instance);
  const since = Math.min(...waiting.map((each) => each.since ?? Infinity));
  return [
    ...gauged(
      'incident_pipeline_output_waiting',
      waiting.reduce((sum, { lines }) => sum + lines, 0),
    ),
    ...gauged('incident_pipeline_output_waiting_since_timestamp_seconds', Number.isFinite(since) ? since / 1000 : 0),
  ];
}

const keySchema = z.tuple([z.literal('lines'), z.string(), z.string()]);

const instanceOf = (output: string): string | undefined => keySchema.safeParse(JSON.parse(output)).data?.[1];
