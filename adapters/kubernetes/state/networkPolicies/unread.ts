import { PipelineError } from '../../../../core/errors';
import { gap, type Gap } from '../../../../core/response/gap';
import type { Unread } from '../../../../core/response/networkReading';

export const ALL_READ: Unread = { unread: [], unanswered: [] };

/** What could not be read may be a gap. @param detail why it could not be read */
export function notRead(what: string, detail: string): Gap {
  return gap('not-read', `${what}: ${detail}`, what);
}

/** What an error of a reading leaves unknown. Rethrows what is not the API server's. */
export function unreadBy(error: unknown, what: string): Unread {
  if (!(error instanceof PipelineError)) throw error;
  const clause = notRead(what, error.message);
  return error.code === 'unreachable' ? { unread: [], unanswered: [clause] } : { unread: [clause], unanswered: [] };
}

export function joined(all: readonly Unread[]): Unread {
  return {
    unread: all.flatMap(({ unread }) => unread),
    unanswered: all.flatMap(({ unanswered }) => unanswered),
  };
}
