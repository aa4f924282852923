import type { DroppedLine } from '../../core/telemetry/droppedLine';
import type { LogLine } from '../../core/telemetry/logLine';
import type { Sample, SeriesValue } from '../../core/telemetry/samples';

/** What an n8n has counted. */
export interface Counts {
  /** Grows with every count. */
  version: number;
  values: SeriesValue[];
}

/** The answer to who wants to deliver an output. */
export type Turn =
  | {
      mine: true;
      /** The version of the counts that was delivered last; 0 before the first. */
      delivered: number;
    }
  | {
      mine: false;
      /** Why the last attempt failed, while the next one waits; null while another execution delivers. */
      problem: string | null;
    };

/** A line with its time in Loki: nanoseconds since 1970. The same line and time is stored once, however often it is sent. */
export interface TimedLine {
  time: string;
  line: LogLine;
}

/** A line that waits to be sent. Ids grow in the order in which lines were kept. */
export interface WaitingLine extends TimedLine {
  id: number;
}

/** What waits for one output. */
export interface Waiting {
  lines: number;
  bytes: number;
  /** When the oldest was kept, milliseconds since 1970; null if none waits. */
  since: number | null;
}

/** How a delivery ended. */
export type Delivered = { delivered: number } | { problem: string };

/**
 * A turn that did not end is over after this time: the process was killed. Longer than a request takes. If a process was slower, two
 * send at once: a line is stored once nevertheless, and the next push shows the counts as they are.
 */
export const TURN_SECONDS = 60;
/** After a failed attempt nothing is sent for this time, so that executions do not wait for a server that is down. */
export const PAUSE_SECONDS = 15;

/** What n8n counted. */
export interface CountStore {
  /** Names the store in the labels of what is pushed from it. It never changes. */
  name: () => Promise<string>;
  /** Adds to the counts of an n8n, once for each pass; always, if the pass is null. */
  count: (instance: string, pass: string | null, samples: readonly Sample[]) => Promise<void>;
  counts: (instance: string) => Promise<Counts>;
}

/** Whose turn it is to deliver an output. */
export interface TurnStore {
  /** Takes the turn to deliver an output, unless another has it or the last attempt failed a moment ago. */
  begin: (output: string, owner: string) => Promise<Turn>;
  /** Ends a turn; without effect if it is another's by now. */
  end: (output: string, owner: string, how: Delivered) => Promise<void>;
  /** Every output of which the last attempt failed, with the reason. */
  problems: () => Promise<{ output: string; problem: string }[]>;
}

/** Log lines until they are sent. */
export interface LineStore {
  keep: (output: string, lines: readonly TimedLine[]) => Promise<void>;
  /** The oldest lines that may be sent now, in order, up to a number and to about so many bytes; at least one. */
  next: (output: string, most: { lines: number; bytes: number }) => Promise<WaitingLine[]>;
  waiting: (output: string) => Promise<Waiting>;
  /** Forgets lines that were sent. @returns how many of them had waited for another attempt */
  sent: (output: string, ids: readonly number[]) => Promise<number>;
  /** Marks all that waits as late. */
  late: (output: string) => Promise<void>;
  /** Marks a line that its server refuses as late, and puts it off. */
  putOff: (output: string, id: number, seconds: number) => Promise<void>;
  /** Gives a line another time, with what says so. */
  retime: (output: string, id: number, line: TimedLine) => Promise<void>;
  /** The oldest lines that are beyond the bounds: too many, too large together, or kept for too long. */
  beyond: (output: string) => Promise<{ id: number; reason: DroppedLine['reason']; line: LogLine }[]>;
  /** Forgets lines and keeps the one that names them instead. @returns which of them were there; without any, nothing changes */
  replace: (output: string, ids: readonly number[], by: TimedLine) => Promise<number[]>;
  /** Every output that lines wait for. */
  waitingOutputs: () => Promise<({ output: string } & Waiting)[]>;
}

/**
 * Keeps what Pushgateway and Loki have to get, for all processes that share the store. Every method is one transaction: a process
 * that is killed leaves what was before, or what is after.
 */
export type OutputStore = CountStore & TurnStore & LineStore;

/** Passes that are remembered, so that an execution that runs again counts nothing twice. */
export const REMEMBERED_PASSES = 50_000;

/** What may wait for one output. */
export const WAITING_BOUNDS = {
  lines: 10_000,
  bytes: 64 * 1024 * 1024,
  /** As long as Loki takes old lines by default (`reject_old_samples_max_age`). */
  days: 7,
  /** Dropped at once when a bound is reached, so that one line names many. */
  dropped: 1_000,
} as const;
