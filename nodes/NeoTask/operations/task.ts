import { setTimeout as wait } from 'node:timers/promises';

import { followEvents } from '../../../adapters/neo/follow';
import { cancelTask, confirm, readEvents } from '../../../adapters/neo/tasks';
import { watchTask } from '../../../adapters/neo/watchTask';
import { PipelineError } from '../../../core/errors';
import type { NeoEvent } from '../../../core/remediation/events';
import type { Processed } from '../../shared/itemLoop';
import {
  byPerson,
  byTask,
  leaving,
  type NodeOperation,
  type OperationInput,
  textParameter,
  withTask,
} from './operation';

/** How one task goes now. */
export const get: NodeOperation = {
  name: 'Get',
  value: 'get',
  action: 'Get a task',
  description: 'How it goes: state, last message, pull request, approval request',
  run: async (input) => leaving(input.json, await watchTask(input.access, idOf(input), new Date())),
};

/** Looks again and again until the task ended or asks; one that takes longer than it may leaves by *person*. */
export const waitUntilDone: NodeOperation = {
  name: 'Wait Until Done',
  value: 'wait',
  action: 'Wait until a task is done',
  description: 'Until it ended or asks for an approval',
  run: async (input) => {
    const id = idOf(input);
    const { context, index, access, json } = input;
    const until = Date.now() + numberOf(context.getNodeParameter('minutes', index)) * 60_000;
    const restMs = numberOf(context.getNodeParameter('pollSeconds', index)) * 1000;
    for (;;) {
      const task = await watchTask(access, id, new Date());
      if (task.state !== 'running') return leaving(json, task);
      if (Date.now() + restMs > until) return leaving(json, await watchTask(access, id, new Date(), 'overdue'));
      await wait(restMs);
    }
  },
};

export const getEvents: NodeOperation = {
  name: 'Get Events',
  value: 'get_events',
  action: 'Get the events of a task',
  description: 'Give each event so far as an item',
  run: async (input) => eventItems(input, await readEvents(input.access, idOf(input))),
};

export const followed: NodeOperation = {
  name: 'Follow Events',
  value: 'follow_events',
  action: 'Follow the events of a task',
  description: 'Give each event as an item, as they happen, until Neo’s turn is over',
  run: async (input) => {
    const minutes = numberOf(input.context.getNodeParameter('minutes', input.index));
    const { events, ended } = await followEvents(input.access, {
      taskId: idOf(input),
      after: textParameter(input, 'after'),
      patienceMs: minutes * 60_000,
    });
    return [...eventItems(input, events), ...(ended ? [] : [byPerson(input.json)])];
  },
};

export const answerApproval: NodeOperation = {
  name: 'Answer Approval',
  value: 'answer_approval',
  action: 'Answer an approval request of a task',
  description: 'Approve or reject what Neo asks for',
  run: async (input) => {
    const { context, index, access, json } = input;
    const id = idOf(input);
    const requestId = textParameter(input, 'approvalRequestId');
    if (requestId === '') throw missing('approval request');
    const ok = context.getNodeParameter('approve', index) === true;
    const instructions = ok ? '' : textParameter(input, 'instructions');
    const now = new Date();
    await confirm(access, id, { requestId, ok, instructions }, now);
    return byTask(withTask(json, await watchTask(access, id, now)));
  },
};

export const cancel: NodeOperation = {
  name: 'Cancel',
  value: 'cancel',
  action: 'Cancel a task',
  description: 'Have Neo stop',
  run: async (input) => {
    const id = idOf(input);
    await cancelTask(input.access, id);
    return byTask(withTask(input.json, await watchTask(input.access, id, new Date())));
  },
};

function eventItems({ json }: OperationInput, events: readonly NeoEvent[]): Processed[] {
  return events.map((event) => byTask({ ...json, event }));
}

function idOf(input: OperationInput): string {
  const id = textParameter(input, 'taskId');
  if (id === '') throw missing('task');
  return id;
}

function missing(what: string): PipelineError {
  return new PipelineError('bad_item', `no ${what} is named`, {
    nextStep: `Put this node behind Create, or say by its ID which ${what} is meant.`,
  });
}

function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 1;
}
