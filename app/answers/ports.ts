/** A model's answer that may be used again. */
export interface KeptAnswer {
  /** The incident that it was given for. */
  incident: string;
  /** When it was kept, ISO 8601 in UTC. */
  at: string;
  /** As JSON. */
  answer: string;
}

/** An answer to keep, under its request's key. */
export interface NewAnswer {
  key: string;
  answer: string;
}

/**
 * How long, how many and how large. Reuse does not lengthen the time. An answer may be so many seconds later than now: another process
 * kept it since this one looked at the clock. What is later still is of a clock that was set back, and as if it were not there.
 */
export const ANSWER_BOUNDS = { minutes: 60, laterSeconds: 10, answers: 1_000, bytes: 32 * 1024 } as const;

/** A model's answers, for all processes that share the store. What is too old is as if it were not there. */
export interface AnswerStore {
  find: (key: string) => Promise<KeptAnswer | null>;
  /** Keeps answers instead of those that have their keys, and removes what is beyond the bounds, the oldest first. */
  keep: (incident: string, answers: readonly NewAnswer[]) => Promise<void>;
  forget: (keys: readonly string[]) => Promise<void>;
}
