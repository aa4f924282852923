import { setTimeout as wait } from 'node:timers/promises';

import { createParser } from 'eventsource-parser';

import type { Followed, Following } from '../../app/neo/ports';
import { hasCode, messageOf, PipelineError } from '../../core/errors';
import { eventSchema, type NeoEvent } from '../../core/remediation/events';
import { ACCEPT, type Call, open, type PulumiCloudAccess, tasksUrl, unanswered } from './call';
import { unexpectedAnswer, refusal } from './refusal';
import { readEvents } from './tasks';

/** A connection that is silent for so long is opened again where it stopped. */
const SILENCE_MS = 60_000;
const REST_MS = 500;

/** Whether Neo's turn is over: after its last word or a question to a person, until a person said something more. */
function isOver(events: readonly NeoEvent[]): boolean {
  return events.reduce((over, { eventBody }) => {
    switch (eventBody.type) {
      case 'assistant_message':
        return eventBody.is_final;
      case 'user_approval_request':
      case 'error':
      case 'cancelled':
        return true;
      case 'user_message':
      case 'user_confirmation':
        return false;
      default:
        return over;
    }
  }, false);
}

/**
 * Follows a task's events as they happen (GET …/events/stream, server-sent events). A stream that breaks is taken up again
 * behind the last event that came, so that none is lost and none comes twice.
 * @throws PipelineError when Pulumi Cloud refuses the stream, cannot be reached all the time, or sends what cannot be read
 */
export async function followEvents(
  access: PulumiCloudAccess,
  taskId: string,
  { after, patienceMs, restMs = REST_MS }: Following,
): Promise<Followed> {
  const until = performance.now() + patienceMs;
  const events: NeoEvent[] = [];
  let problem: PipelineError | null = null;
  while (!isOver(events) && performance.now() < until) {
    try {
      // What there is already is read as a whole: the answer to a question in it stands behind the question.
      if (events.length === 0) events.push(...(await readEvents(access, taskId)));
      if (!isOver(events))
        await readStream(access, taskId, events.at(-1)?.id ?? '', until, (event) => {
          if (!events.some(({ id }) => id === event.id)) events.push(event);
          return isOver(events);
        });
      problem = null;
    } catch (error) {
      if (!hasCode(error, 'unreachable')) throw error;
      problem = error;
    }
    if (!isOver(events)) await wait(Math.min(restMs, Math.max(0, until - performance.now())));
  }
  if (problem !== null && events.length === 0) throw problem;
  const seen = events.findIndex(({ id }) => id === after) + 1;
  return { events: events.slice(seen), ended: isOver(events) };
}

/** Reads one connection, until it breaks or `take` says that it is enough. */
async function readStream(
  access: PulumiCloudAccess,
  taskId: string,
  last: string,
  until: number,
  take: (event: NeoEvent) => boolean,
): Promise<void> {
  const path = `/${encodeURIComponent(taskId)}/events/stream`;
  const timeoutMs = Math.max(1, Math.min(until - performance.now(), SILENCE_MS));
  const headers = { accept: `text/event-stream, ${ACCEPT}`, ...(last === '' ? {} : { 'last-event-id': last }) };
  const wanted: Call = { method: 'GET', path, timeoutMs, headers };
  const url = tasksUrl(access, path);
  const response = await open(access, url, wanted).catch((error: unknown) => {
    throw unanswered(wanted, url, error);
  });
  if (response.statusCode !== 200)
    throw refusal(access, `follow Neo task ${taskId}`, {
      status: response.statusCode,
      body: await response.body.text(),
      retryAfter: null,
    });
  const reading = { enough: false };
  const parser = createParser({
    onEvent: ({ data }) => {
      if (take(readEvent(taskId, data))) reading.enough = true;
    },
  });
  const patience = setTimeout(() => response.body.destroy(), Math.max(1, until - performance.now()));
  try {
    for await (const chunk of response.body.setEncoding('utf8')) {
      parser.feed(String(chunk));
      if (reading.enough) break;
    }
  } catch (error) {
    // A stream that breaks is opened again; only what cannot be read is an error.
    if (error instanceof PipelineError) throw error;
  } finally {
    clearTimeout(patience);
  }
}

function readEvent(taskId: string, data: string): NeoEvent {
  const what = `the event stream of Neo task ${taskId}`;
  try {
    const result = eventSchema.safeParse(JSON.parse(data));
    if (result.success) return result.data;
    throw unexpectedAnswer(what, result.error.message);
  } catch (error) {
    if (error instanceof SyntaxError) throw unexpectedAnswer(what, messageOf(error));
    throw error;
  }
}
