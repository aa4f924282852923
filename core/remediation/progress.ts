import { sanitize, sanitizeLines } from '../text/sanitize';
import type { NeoEntity, NeoEvent, NeoTaskDescription } from './events';
import { isSame, pullRequestIn, pullRequestUrl, type Repository, repositoryOf } from './repository';
import type { ApprovalRequest, NeoTask, TaskState } from '../incident/task';

const LONGEST_MESSAGE = 8000;
/** A link is looked for in so much of a message's end: there the prompt wants it. */
const LONGEST_READ = 50_000;
const LONGEST_REQUEST = 2000;

/** What a task's events come to. */
export type Progress = Pick<NeoTask, 'message' | 'pullRequest' | 'approval' | 'problem'> & {
  state: Extract<TaskState, 'running' | 'awaiting_approval' | 'fixed' | 'not_fixed' | 'failed'>;
};

interface Seen {
  /** Neo's last message as it came. */
  message: string | null;
  /** The last thing that ended Neo's turn, if nothing came after it. */
  end: 'final' | 'error' | 'cancelled' | null;
  /** Whether Neo did anything after a person's last word. */
  begun: boolean;
  problem: string | null;
  waiting: Map<string, ApprovalRequest>;
}

/**
 * How far a task is, by its events in order. Neo's API knows `running` and `idle` only; what `idle` means stands in the
 * events: a final message, an error, a question, or nothing at all.
 */
export function progressOf(
  { status, entities }: Pick<NeoTaskDescription, 'status' | 'entities'>,
  events: readonly NeoEvent[],
  repository: Repository | null,
): Progress {
  const seen: Seen = { message: null, end: null, begun: false, problem: null, waiting: new Map() };
  for (const { eventBody } of events) see(seen, eventBody);
  const { end, problem } = seen;
  const message = seen.message === null ? null : sanitizeLines(seen.message, LONGEST_MESSAGE);
  const approval = [...seen.waiting.values()].at(-1) ?? null;
  const pullRequest =
    repository === null ? null : fixOf((seen.message ?? '').slice(-LONGEST_READ), entities, repository);
  const told = { message, pullRequest, approval, problem };
  if (end === 'error') return { ...told, state: 'failed', problem: `Neo ended it with an error: ${problem ?? ''}` };
  if (end === 'cancelled') return { ...told, state: 'failed', problem: 'it was cancelled' };
  if (approval !== null) return { ...told, state: 'awaiting_approval' };
  if (status !== 'idle') return { ...told, state: 'running' };
  if (end === 'final') return { ...told, state: pullRequest === null ? 'not_fixed' : 'fixed' };
  // Idle behind a person's word, be it the first or an approval: it has been given and not taken up.
  if (!seen.begun) return { ...told, state: 'running' };
  return { ...told, state: 'failed', problem: 'Neo stopped without a final message' };
}

/** How the prompt wants Neo to say that there is a fix, at the end of its last message. */
const FIXED = /^[\s>*_#\d.`-]*Result:[\s*_`]*fixed\b(.*)$/gim;
const NOT_FIXED = /\bResult\b\W{1,8}not fixed\b/i;

/**
 * The fix is a pull request that Neo has put beside the task, or that it names as its result. A link anywhere else in what
 * it says is none: a message may speak of others'.
 */
function fixOf(message: string, entities: readonly NeoEntity[], repository: Repository): string | null {
  if (NOT_FIXED.test(message)) return null;
  const opened = entities.flatMap((entity) =>
    entity.type === 'pull_request' && isSame(repositoryOf(entity.repo), repository) ? [entity.number] : [],
  );
  const last = opened.at(-1);
  if (last !== undefined) return pullRequestUrl(repository, last);
  const said = [...message.matchAll(FIXED)].map(([, rest = '']) => pullRequestIn(rest, repository));
  return said.filter((url) => url !== null).at(-1) ?? null;
}

function see(seen: Seen, body: NeoEvent['eventBody']): void {
  seen.begun = body.type !== 'user_message' && body.type !== 'user_confirmation';
  switch (body.type) {
    case 'assistant_message':
      seen.message = body.content;
      seen.problem = null;
      seen.end = body.is_final ? 'final' : null;
      return;
    case 'user_approval_request':
      seen.waiting.set(body.id, {
        id: body.id,
        message: sanitizeLines(body.message, LONGEST_REQUEST),
        type: body.approval_type,
        sensitivity: body.sensitivity,
      });
      return;
    case 'user_confirmation':
      seen.waiting.delete(body.approval_request_id);
      seen.end = null;
      return;
    case 'user_message':
      seen.end = null;
      seen.problem = null;
      return;
    case 'error':
      seen.problem = sanitize(body.message, LONGEST_REQUEST);
      seen.end = 'error';
      seen.waiting.clear();
      return;
    case 'cancelled':
      seen.waiting.clear();
      seen.end = 'cancelled';
      return;
    case 'other':
      return;
  }
}
