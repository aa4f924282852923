import { z } from 'zod/v4';

/** What a task does. Those from `loses-answer` on do as `fixes` does, once the task is there. */
export const SCRIPT_NAMES = [
  /** Works, then opens a pull request; in review mode it asks before that. */
  'fixes',
  /** Works, and says what it found without a pull request. */
  'findings',
  /** Asks before it opens the pull request, in every mode. */
  'asks-approval',
  /** Ends with an error. */
  'errs',
  /** Works and works. */
  'never-ends',
  /** Is created, and the connection ends before anybody is told its id. */
  'loses-answer',
  /** Has other names for what the API calls taskId and eventBody. */
  'renamed',
  /** Lets everybody wait. */
  'slow',
  /** Is refused with 429, twice unless `times` says otherwise. */
  'busy',
  /** Is refused with 503. */
  'down',
] as const;

export const script = z.strictObject({
  name: z.enum(SCRIPT_NAMES),
  /** How many requests for a new task meet it, before `fixes` again: 2 for `busy`, else all. */
  times: z.int().positive().optional(),
  /** `none`: nothing is asked, whatever the mode. */
  approvals: z.enum(['by mode', 'none']).default('by mode'),
  /**
   * The final message, when there is a pull request and when there is none. `{{pull_request}}`, `{{repository}}`,
   * `{{task_id}}` and `{{summary}}` are filled in.
   */
  fixed: z.string().optional(),
  notFixed: z.string().optional(),
  /** Seconds, of `busy` and `down`. */
  retryAfter: z.int().nonnegative().optional(),
  /** Of `slow`: before the answer. */
  delayMilliseconds: z.int().nonnegative().default(2_000),
  /** Of `renamed`: the API's name of a field, and the one that it has instead. */
  renames: z.record(z.string(), z.string()).default({ taskId: 'id', eventBody: 'body' }),
  /** What a task says of itself while it waits for an approval. The API's description leaves that open. */
  statusWhileWaiting: z.enum(['idle', 'running']).default('idle'),
});

export type Script = z.output<typeof script>;
export type ScriptSettings = z.input<typeof script>;

const FIXES = script.parse({ name: 'fixes' });

/** Which script the next task follows. */
export class ScriptBook {
  private current = FIXES;
  private left = Infinity;

  follow(settings: ScriptSettings): void {
    this.current = script.parse(settings);
    this.left = this.current.times ?? (this.current.name === 'busy' ? 2 : Infinity);
  }

  take(): Script {
    if (this.left === 0) this.clear();
    this.left -= 1;
    return this.current;
  }

  clear(): void {
    this.current = FIXES;
    this.left = Infinity;
  }
}
