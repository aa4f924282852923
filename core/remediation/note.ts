import type { Alert } from '../incident/alert';
import type { NeoTask } from '../incident/task';

/** PagerDuty accepts longer notes, but people do not read them. */
const LONGEST_QUOTE = 3000;

/** Cut between characters, because half a character is not valid text. */
function quoted(text: string): string {
  return Array.from(text).slice(0, LONGEST_QUOTE).join('');
}

/** Text for an incident's notes: the task's outcome, and what to do next. Neo's words are quoted unchanged. */
export function noteOf(task: Omit<NeoTask, 'note'>): string {
  const link = task.url === null ? '' : `\nTask: ${task.url}`;
  // Here it is part of a sentence, and it may be one or more sentences itself.
  const problem = (task.problem ?? '').replace(/\.$/, '');
  const beside = problem === '' ? '' : `\nNote: ${problem}.`;
  const neoMessage = task.message === null ? '' : `\n\nNeo wrote:\n${quoted(task.message)}`;
  switch (task.state) {
    case 'running':
      return `Pulumi Neo is looking for the cause in the code. Its result will be posted here.${beside}${link}`;
    case 'fixed':
      return `Pulumi Neo opened a pull request that fixes the cause: ${task.pullRequest ?? ''}\nReview and merge it: nothing was deployed.${link}${neoMessage}`;
    case 'not_fixed':
      return `Pulumi Neo found no fix in the code. The incident is reassigned to the previous assignee.${beside}${link}${neoMessage}`;
    case 'awaiting_approval':
      return `Pulumi Neo waits for an approval (${task.approval?.sensitivity ?? 'regular'}, ${task.approval?.type ?? 'general'}): ${quoted(task.approval?.message ?? '')}\nOpen the task and approve or reject it there; its result will be posted here.${link}`;
    case 'overdue':
      return `Pulumi Neo has been working longer than this workflow allows. Look at the task, and cancel it if it is stuck; if it ends, its result will be posted here.${beside}${link}`;
    case 'failed':
      return `Pulumi Neo produced no result: ${problem}. A person has to find the cause.${link}${neoMessage}`;
    case 'refused':
      return `No Pulumi Neo task was started: ${problem}. A person has to find the cause.`;
    case 'unknown':
      return `It is unknown whether a Pulumi Neo task was started: ${problem}. It is not tried again, so that no two tasks work on one incident. Look for it in Pulumi Cloud (organization ${task.organization}), and start one manually if there is none.`;
    case 'joined':
      return `No second Pulumi Neo task was started, because ${problem}.`;
    case 'closed':
      return `The incident is resolved; its Pulumi Neo task was ended.${link}`;
    case 'claimed':
      return "Another execution is starting this incident's Pulumi Neo task.";
    case 'skipped':
      return `No Pulumi Neo task is wanted: ${problem}.`;
  }
}

/** The same in one or two sentences, for a Kubernetes Event. */
export function taskMessage({ id, rule }: Alert, { note }: Pick<NeoTask, 'note'>): string {
  return `Incident ${id} (${rule}): ${note.replaceAll(/\s*\n\s*/g, ' ')}`;
}
