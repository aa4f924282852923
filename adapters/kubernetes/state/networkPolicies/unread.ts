import { PipelineError } from '../../../../core/errors';
import type { Unread } from '../../../../core/response/networkReading';

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
