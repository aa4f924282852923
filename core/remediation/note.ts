import type { Alert } from '../incident/alert';
import type { NeoTask } from '../incident/task';

/** PagerDuty takes longer notes; people do not read them. */
const LONGEST_QUOTE = 3000;

/** Cut between characters, since half of one is no valid text. */
function quoted(text: string): string {
  return Array.from(text).slice(0, LONGEST_QUOTE).join('');
}

/** For an incident's notes: what became of the task, and what to do next. Neo's words are quoted as they are. */
export function noteOf(task: Omit<NeoTask, 'note'>): string {
  const link = task.url === null ? '' : `\nTask: ${task.url}`;
  // It stands within a sentence here, and may be one or more itself.
  const problem = (task.problem ?? '').replace(/\.$/, '');
  const beside = problem === '' ? '' : `\nMind: ${problem}.`;
  const said = task.message === null ? '' : `\n\nNeo wrote:\n${quoted(task.message)}`;
  switch (task.state) {
    case 'running':
      return `Pulumi Neo is looking for the cause in the code. Its result will be posted here.${beside}${link}`;
    case 'fixed':
      return `Pulumi Neo opened a pull request that fixes the cause: ${task.pullRequest ?? ''}\nReview and merge it: nothing was deployed.${link}${said}`;
    case 'not_fixed':
      return `Pulumi Neo found no fix in the code. The incident goes back to whom it was assigned.${beside}${link}${said}`;
    case 'awaiting_approval':
      return `Pulumi Neo waits for an approval (${task.approval?.sensitivity ?? 'regular'}, ${task.approval?.type ?? 'general'}): ${quoted(task.approval?.message ?? '')}\nOpen the task and approve or reject it there; its result will be posted here.${link}`;
    case 'overdue':
      return `Pulumi Neo is still at work, for longer than this workflow allows. Look at the task, and cancel it if it is stuck; if it ends, its result will be posted here.${beside}${link}`;
    case 'failed':
      return `Pulumi Neo did not get to a result: ${problem}. The cause has to be looked for by a person.${link}${said}`;
    case 'refused':
      return `No Pulumi Neo task was started: ${problem}. The cause has to be looked for by a person.`;
    case 'unknown':
      return `Whether a Pulumi Neo task was started cannot be told: ${problem}. It is not tried again, so that no two tasks work on one incident. Look for it in Pulumi Cloud (organization ${task.organization}), and start one by hand if there is none.`;
    case 'closed':
      return `The incident is over; its Pulumi Neo task was ended.${link}`;
    case 'claimed':
      return 'Another execution is asking Pulumi Neo for this incident’s task.';
    case 'skipped':
      return `No Pulumi Neo task is wanted: ${problem}.`;
  }
}

/** The same in one sentence or two, for a Kubernetes Event. */
export function taskMessage({ id, rule }: Alert, { note }: Pick<NeoTask, 'note'>): string {
  return `Incident ${id} (${rule}): ${note.replaceAll(/\s*\n\s*/g, ' ')}`;
}
