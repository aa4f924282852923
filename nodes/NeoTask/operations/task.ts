import { waitForTask } from '../../../app/neo/waitForTask';
import { watchTask } from '../../../app/neo/watchTask';
import { PipelineError } from '../../../core/errors';
import type { NeoEvent } from '../../../core/remediation/events';
import { now } from '../../shared/clock';
import type { Processed } from '../../shared/itemLoop';
import {
  toPerson,
  toTask,
  byState,
  type NodeOperation,
  type OperationInput,
  textParameter,
  withTask,
} from './operation';

/** The state of one task. */
export const get: NodeOperation = {
  name: 'Get',
  value: 'get',
  action: 'Get a task',
  description: 'Give its state, last message, pull request and approval request',
  run: async (input) => byState(input.json, await watchTask(input.neo, idOf(input), now())),
};

/** Polls until the task has ended or asks for an approval; one that takes too long leaves by *person*. */
export const waitUntilDone: NodeOperation = {
  name: 'Wait Until Done',
  value: 'wait',
  action: 'Wait until a task is done',
  description: 'Until it ended or asks for an approval',
  run: async (input) => {
    const id = idOf(input);
    const { context, index, neo, json } = input;
    const limitMs = numberOf(context.getNodeParameter('minutes', index)) * 60_000;
    const restMs = numberOf(context.getNodeParameter('pollSeconds', index)) * 1000;
    return byState(json, await waitForTask({ neo, now }, id, { limitMs, restMs }));
  },
};

export const getEvents: NodeOperation = {
  name: 'Get Events',
  value: 'get_events',
  action: 'Get the events of a task',
  description: 'Give each event so far as an item',
  run: async (input) => eventItems(input, await input.neo.readEvents(idOf(input))),
};

export const followed: NodeOperation = {
  name: 'Follow Events',
  value: 'follow_events',
  action: 'Follow the events of a task',
  description: "Give each event as an item, as they happen, until Neo's turn is over",
  run: async (input) => {
    const minutes = numberOf(input.context.getNodeParameter('minutes', input.index));
    const { events, ended } = await input.neo.followEvents(idOf(input), {
      after: textParameter(input, 'after'),
      patienceMs: minutes * 60_000,
    });
    return [...eventItems(input, events), ...(ended ? [] : [toPerson(input.json)])];
  },
};

export const answerApproval: NodeOperation = {
  name: 'Answer Approval',
  value: 'answer_approval',
  action: 'Answer an approval request of a task',
  description: 'Approve or reject what Neo asks for',
  run: async (input) => {
    const { context, index, neo, json } = input;
    const id = idOf(input);
    const requestId = textParameter(input, 'approvalRequestId');
    if (requestId === '') throw missing('approval request');
    const ok = context.getNodeParameter('approve', index) === true;
    const instructions = ok ? '' : textParameter(input, 'instructions');
    const confirmedAt = now();
    await neo.confirm(id, { requestId, ok, instructions }, confirmedAt);
    return toTask(withTask(json, await watchTask(neo, id, confirmedAt)));
  },
};

export const cancel: NodeOperation = {
  name: 'Cancel',
  value: 'cancel',
  action: 'Cancel a task',
  description: 'Have Neo stop',
  run: async (input) => {
    const id = idOf(input);
    await input.neo.cancelTask(id);
    return toTask(withTask(input.json, await watchTask(input.neo, id, now())));
  },
};

function eventItems({ json }: OperationInput, events: readonly NeoEvent[]): Processed[] {
  return events.map((event) => toTask({ ...json, event }));
}

function idOf(input: OperationInput): string {
  const id = textParameter(input, 'taskId');
  if (id === '') throw missing('task');
  return id;
}

function missing(what: string): PipelineError {
  return new PipelineError('bad_item', `the ID of the ${what} is missing`, {
    nextStep: `Connect this node after Create, or set the ID of the ${what}.`,
  });
}

function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 1;
}
