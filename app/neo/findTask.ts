import { setTimeout as wait } from 'node:timers/promises';

import { messageOf } from '../../core/errors';
import { reference } from '../../core/remediation/prompt';
import type { Neo, TaskPorts } from './ports';

type TaskReader = Pick<Neo, 'listTasks' | 'readEvents'>;

/** Clocks differ, and a request waits on its way. */
const EARLIER_MS = 60_000;
const LATER_MS = 10 * 60_000;
const MOST_CANDIDATES = 100;

/**
 * Looks for the task that was requested at a time, by the incident's reference in its first message. Null when none of
 * the tasks of that time has it.
 */
export async function findTask(neo: TaskReader, incident: string, askedAt: Date): Promise<{ id: string } | null> {
  const candidates = (await neo.listTasks()).filter(({ createdAt }) => {
    const age = Date.parse(createdAt) - askedAt.getTime();
    return age >= -EARLIER_MS && age <= LATER_MS;
  });
  const problems: unknown[] = [];
  if (candidates.length > MOST_CANDIDATES)
    problems.push(
      new Error(`${candidates.length} tasks were made at that time, and ${MOST_CANDIDATES} were looked at`),
    );
  for (const { id } of candidates.slice(0, MOST_CANDIDATES)) {
    try {
      if (await hasReference(neo, id, reference(incident))) return { id };
    } catch (error) {
      // Another's task that cannot be read must not hide ours.
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
  return null;
}

async function hasReference(neo: TaskReader, id: string, line: string): Promise<boolean> {
  const first = (await neo.readEvents(id)).find(({ eventBody }) => eventBody.type === 'user_message')?.eventBody;
  // The whole line: one id may begin with another.
  return first?.type === 'user_message' && first.content.split('\n').includes(line);
}

/** How long to rest before each look: a task may be listed a moment after it was made. */
const LOOKS_MS: readonly number[] = [500, 2_000, 5_000];

/** Looks several times. A problem that prevents the look is part of the result, since it leaves the question open. */
export async function lookForTask(
  { neo, looksMs = LOOKS_MS }: { neo: TaskReader } & Pick<TaskPorts, 'looksMs'>,
  incident: string,
  askedAt: Date,
): Promise<{ found: { id: string } | null; problem: string | null }> {
  let problem: string | null = null;
  for (const rest of looksMs) {
    await wait(rest);
    try {
      const found = await findTask(neo, incident, askedAt);
      if (found !== null) return { found, problem: null };
      problem = null;
    } catch (error) {
      problem = messageOf(error);
    }
  }
  return { found: null, problem };
}
