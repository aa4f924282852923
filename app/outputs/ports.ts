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

/** How a delivery ended. */
export type Delivered = { delivered: number } | { problem: string };

/** A turn that did not end is over after this time: the process was killed. Longer than all attempts of one request. */
export const TURN_SECONDS = 90;
/** After a failed attempt nothing is sent for this time, so that executions do not wait for a server that is down. */
export const PAUSE_SECONDS = 15;

/**
 * Keeps what Pushgateway and Loki have to get, for all processes that share the store. Every method is one transaction: a process
 * that is killed leaves what was before, or what is after.
 */
export interface OutputStore {
  /** Names the store in the labels of what is pushed from it. It never changes. */
  name: () => Promise<string>;
  /** Adds to the counts of an n8n, once for each pass; always, if the pass is null. */
  count: (instance: string, pass: string | null, samples: readonly Sample[]) => Promise<void>;
  counts: (instance: string) => Promise<Counts>;
  /** Takes the turn to deliver an output, unless another has it or the last attempt failed a moment ago. */
  begin: (output: string, owner: string) => Promise<Turn>;
  /** Ends a turn; without effect if it is another's by now. */
  end: (output: string, owner: string, how: Delivered) => Promise<void>;
}

/** Passes that are remembered, so that an execution that runs again counts nothing twice. */
export const REMEMBERED_PASSES = 50_000;
