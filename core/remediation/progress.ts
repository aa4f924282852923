import { sanitize, sanitizeLines } from '../text/sanitize';
import type { NeoEntity, NeoEvent, NeoTaskDescription } from './events';
import { isSame, pullRequestIn, pullRequestUrl, type Repository, repositoryOf } from './repository';
import type { ApprovalRequest, NeoTask, TaskState } from '../incident/task';

const LONGEST_MESSAGE = 8000;
/** Characters at the end of a message that are searched for a link, because the prompt asks for it there. */
const LONGEST_READ = 50_000;
const LONGEST_REQUEST = 2000;

/** The result of a task's events. */
export type Progress = Pick<NeoTask, 'message' | 'pullRequest' | 'approval' | 'problem'> & {
  state: Extract<TaskState, 'running' | 'awaiting_approval' | 'fixed' | 'not_fixed' | 'failed'>;
};

interface Seen {
  /** Neo's last message, raw. */
  message: string | null;
  /** The last event that ended Neo's turn, if no event followed it. */
  end: 'final' | 'error' | 'cancelled' | null;
  /** Whether Neo did anything after a person's last message. */
  begun: boolean;
  problem: string | null;
  waiting: Map<string, ApprovalRequest>;
}

/**
 * A task's progress, from its events in order. Neo's API has only the statuses `running` and `idle`; the events show
 * what `idle` means: a final message, an error, a question, or nothing at all.
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
  const common = { message, pullRequest, approval, problem };
  if (end === 'error') return { ...common, state: 'failed', problem: `Neo ended it with an error: ${problem ?? ''}` };
  if (end === 'cancelled') return { ...common, state: 'failed', problem: 'it was cancelled' };
  if (approval !== null) return { ...common, state: 'awaiting_approval' };
  if (status !== 'idle') return { ...common, state: 'running' };
  if (end === 'final') return { ...common, state: pullRequest === null ? 'not_fixed' : 'fixed' };
  // Idle after a person's message, the first one or an approval: Neo has not started on it yet.
  if (!seen.begun) return { ...common, state: 'running' };
  return { ...common, state: 'failed', problem: 'Neo stopped without a final message' };
}

/** How the prompt asks Neo to report a fix, at the end of its last message. */
const FIXED = /^[\s>*_#\d.`-]*Result:[\s*_`]*fixed\b(.*)$/gim;
const NOT_FIXED = /\bResult\b\W{1,8}not fixed\b/i;

/**
 * The fix is a pull request that Neo added to the task, or that it names as its result. A link anywhere else in its
 * messages does not count, because a message may mention other pull requests.
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
