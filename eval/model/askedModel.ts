import { setTimeout as pause } from 'node:timers/promises';

import { type ChatModel, isCutOff, type ModelMessage } from '../../adapters/model/chatModel.js';
import type { Message } from '../../core/analysis/prompt.js';
import type { Answer, Answers, Question } from './answers.js';
import { type Failure, failureOf, isRefusal, toldToWait } from './failures.js';
import { oneChunk, streamedReply } from './streamedReply.js';

/** What a model's answers to one case cost, and what kept one from coming. */
export interface Meter {
  /** Requests that reached the model now. */
  requests: number;
  /** Answers that an earlier run had got. */
  remembered: number;
  /** Time that the model took for its answers, remembered ones included, milliseconds. */
  durationMs: number;
  failures: Failure[];
}

export const newMeter = (): Meter => ({ requests: 0, remembered: 0, durationMs: 0, failures: [] });

export interface AskedModelOptions {
  model: ChatModel;
  name: string;
  url: string;
  answers: Answers;
  repeat: number;
  /** For one reply, milliseconds. */
  timeoutMs: number;
  /** How long all waits together that a rate limit asks for may be, milliseconds. */
  longestWaitMs: number;
}

/**
 * A model whose answers are kept: what was asked before is not asked again. It waits as a rate limit tells it, within a
 * bound.
 */
export function askedModel(options: AskedModelOptions, meter: Meter): ChatModel {
  const { model } = options;
  const kept: Pick<ChatModel, 'invoke' | 'stream'> = {
    invoke: (messages) =>
      keptAnswer(options, { messages: messages as Message[] }, meter, (signal) => model.invoke(messages, { signal })),
    stream: async (messages, { signal: _ownBelow, ...form }) =>
      oneChunk(
        await keptAnswer(options, { messages: messages as Message[], form }, meter, (signal) =>
          streamedReply(model, messages, { ...form, signal }),
        ),
      ),
  };
  // What the model is set to stays as it is.
  return Object.assign(Object.create(model) as ChatModel, kept);
}

type Send = (signal: AbortSignal) => Promise<ModelMessage>;

async function keptAnswer(
  options: AskedModelOptions,
  about: Pick<Question, 'messages' | 'form'>,
  meter: Meter,
  send: Send,
): Promise<Answer> {
  const { name, url, answers, repeat } = options;
  const question = { ...about, model: name, url, repeat };
  const known = answers.find(question);
  const answer = known ?? (await askNow(options, send, meter));
  if (known === null) answers.keep(question, answer);
  else meter.remembered += 1;
  meter.durationMs += answer.durationMs;
  if (answer.refused) meter.failures.push('refused by the model');
  else if (isCutOff(answer)) meter.failures.push('cut off');
  return answer;
}

async function askNow({ timeoutMs, longestWaitMs }: AskedModelOptions, send: Send, meter: Meter): Promise<Answer> {
  for (let waitedMs = 0; ; ) {
    meter.requests += 1;
    const started = performance.now();
    try {
      const reply = await within(timeoutMs, send);
      return answerOf(reply, performance.now() - started);
    } catch (error) {
      meter.failures.push(failureOf(error));
      const wait = toldToWait(error, Date.now());
      if (wait === null || waitedMs + wait > longestWaitMs) throw error;
      waitedMs += wait;
      await pause(wait);
    }
  }
}

function answerOf(reply: ModelMessage, durationMs: number): Answer {
  const { content, usage_metadata: usage, response_metadata } = reply;
  return {
    content,
    ...(usage === undefined ? {} : { usage_metadata: usage }),
    response_metadata,
    refused: isRefusal(reply),
    durationMs: Math.round(durationMs),
  };
}

/** The signal's own reason, since a client may call its end anything. */
async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  const expired = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
  return Promise.race([work(signal), expired]);
}
