import { closeTasks } from '../../../app/neo/closeTasks';
import { confirmReported } from '../../../app/neo/confirmReported';
import { reviewTasks } from '../../../app/neo/reviewTasks';
import { PipelineError } from '../../../core/errors';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { toKnown, toTask, byState, type NodeOperation, portsOf, withTask } from './operation';

/** One incident for each task that people must be notified of, as it came in; one item that says so when there is none. */
export const dueForReview: NodeOperation = {
  name: 'Get Due for Review',
  value: 'due_for_review',
  action: 'Find tasks that people have to hear of',
  description: 'Give an incident for each task that ended, asks, takes too long or was lost on the way',
  run: async (input) => {
    const overdueMinutes = Number(input.context.getNodeParameter('overdueMinutes', input.index)) || 120;
    const { news, problems } = await reviewTasks(await portsOf(input), overdueMinutes * 60_000);
    if (news.length === 0 && problems.length > 0)
      throw new PipelineError('unreachable', `tasks could not be looked at: ${problems.join('; ')}`, {
        nextStep: 'They are looked at again with the next review.',
      });
    const reported = news.map(({ item, task }) => byState(item, task));
    const others = problems.map((problem) => toKnown({ problem }));
    return reported.length + others.length === 0 ? toKnown({ due: 0 }) : [...reported, ...others];
  },
};

/** Keeps a reported state from being reported again. An item without a task has nothing to confirm. */
export const confirm: NodeOperation = {
  name: 'Mark as Reported',
  value: 'confirm_reported',
  action: 'Confirm that people were notified of a task',
  description: 'Keep a state that Get Due for Review or Create gave out from being reported again',
  run: async ({ claims, json }) => {
    const { alert, task } = readIncident(json);
    if (task !== undefined) await confirmReported(await claims(), alert.id, task, now());
    return toTask(json);
  },
};

/** Ends what Neo still does for an incident that is over. */
export const endForIncident: NodeOperation = {
  name: 'End for Incident',
  value: 'end_for_incident',
  action: 'End the tasks of an incident that is over',
  description: 'Cancel what Neo still works on for the incident, and settle its claim',
  run: async (input) => {
    const { json } = input;
    const { alert } = readIncident(json);
    const ended = await closeTasks(await portsOf(input), alert);
    return ended.length === 0 ? toKnown(json) : ended.map((task) => toTask(withTask(json, task)));
  },
};
