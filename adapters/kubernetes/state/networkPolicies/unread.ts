import { PipelineError } from '../../../../core/errors';

/** What is not known of network policies, a clause each. */
export interface Unread {
  /** What may not be read, or is not understood: the same at the next reading. */
  unread: string[];
  /** What the API server did not answer: another reading may get it. */
  unanswered: string[];
}

export const ALL_READ: Unread = { unread: [], unanswered: [] };

/** What an error of a reading leaves unknown. Rethrows what is not the API server's. */
export function unreadBy(error: unknown, what: string): Unread {
  if (!(error instanceof PipelineError)) throw error;
  const clause = `${what}: ${error.message}`;
  return error.code === 'unreachable' ? { unread: [], unanswered: [clause] } : { unread: [clause], unanswered: [] };
}

export function joined(all: readonly Unread[]): Unread {
  return {
    unread: all.flatMap(({ unread }) => unread),
    unanswered: all.flatMap(({ unanswered }) => unanswered),
  };
}
