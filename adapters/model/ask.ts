import type { z } from 'zod/v4';

import { sanitize } from '../../core/text/sanitize';
import { readAnswer } from '../../core/analysis/answer';
import { type Message, repairPrompt } from '../../core/analysis/prompt';
import type { ModelRun } from '../../core/incident/modelRun';
import { messageOf } from '../../core/errors';
import { type ChatModel, isCutOff, type ModelMessage, nameOf, textOf } from './chatModel';
import { type Answering, type HeldModel, heldToForm } from './structuredOutput';

export interface Question<T> {
  messages: Message[];
  promptVersion: string;
  schema: z.ZodType<T>;
}

export interface AskOptions {
  /** For each question, milliseconds. */
  timeoutMs: number;
  /** How often a question without any reply is asked again. */
  retries: number;
}

/** The model that is connected, or why there is none. */
export type ModelConnection =
  | { model: ChatModel; problem: null }
  | {
      model: null;
      problem: string;
      /** Whether one is connected that cannot be used. */
      isBroken?: boolean;
    };

export interface Reply<T> {
  /** Null when the model gave no valid answer; `run.fallbackReason` says why. */
  answer: T | null;
  run: ModelRun;
}

/**
 * Asks a model and takes its answer only if it is valid; an invalid one gets one repair question that names what is
 * wrong. Never throws: a model that fails is a model that did not answer.
 */
export async function ask<T>(
  connection: ModelConnection,
  question: Question<T>,
  options: AskOptions,
): Promise<Reply<T>> {
  const { model, problem } = connection;
  const run: ModelRun = {
    by: 'playbook',
    fallbackReason: problem === null ? null : sanitize(problem, 1000),
    promptVersion: question.promptVersion,
    model: model === null ? null : nameOf(model),
    tokens: { input: 0, output: 0 },
    questions: 0,
    ...(connection.model === null && connection.isBroken === true ? { isBroken: true } : {}),
    durationMs: 0,
  };
  if (model === null) return { answer: null, run };

  const started = performance.now();
  const answer = await converse(model, question, options, run);
  run.durationMs = Math.round(performance.now() - started);
  return { answer, run };
}

async function converse<T>(
  model: ChatModel,
  { messages, schema }: Question<T>,
  options: AskOptions,
  run: ModelRun,
): Promise<T | null> {
  // The data of the question, with which no answer of the model's own can agree word for word.
  const shown = messages.flatMap(([role, text]) => (role === 'human' ? [text] : [])).join('\n');
  let asking = messages;
  const held = heldToForm(model, schema);
  for (const attempt of ['first', 'repair'] as const) {
    const reply = await reach(model, attempt === 'first' ? held : null, asking, options, run);
    if (reply === null) return null;
    const text = textOf(reply);
    const { answer, problem } = isCutOff(reply)
      ? { answer: null, problem: "the model's limit of tokens cut it off" }
      : readAnswer(text, schema, shown);
    if (problem === null) {
      // The form did not help where words alone do.
      if (attempt === 'repair') held?.avoid();
      run.by = 'model';
      run.fallbackReason = null;
      return answer;
    }
    run.fallbackReason = sanitize(
      `the model gave no valid answer${attempt === 'repair' ? ', asked twice' : ''}: ${problem}`,
      1000,
    );
    asking = repairPrompt(messages, text, problem);
  }
  return null;
}

/**
 * One question, asked again while there is no reply at all, and then in words alone. A form that the server refuses at once
 * takes no retry away, but the bound of both questions holds.
 */
async function reach(
  model: ChatModel,
  held: HeldModel | null,
  messages: Message[],
  { timeoutMs, retries }: AskOptions,
  run: ModelRun,
): Promise<ModelMessage | null> {
  const most = 2 * (1 + retries);
  let asked = held;
  let refused: HeldModel | null = null;
  for (let failures = 0; failures <= retries && run.questions < most; ) {
    run.questions++;
    try {
      const reply = await withDeadline(asked ?? model, messages, timeoutMs);
      refused?.avoid();
      run.tokens.input += tokens(reply.usage_metadata?.input_tokens);
      run.tokens.output += tokens(reply.usage_metadata?.output_tokens);
      return reply;
    } catch (error) {
      run.fallbackReason = sanitize(`the model did not answer: ${messageOf(error)}`, 1000);
      const isFormToBlame = asked?.isToBlame(error) === true;
      if (isFormToBlame) refused = asked;
      if (!isFormToBlame || error instanceof TimedOut) failures++;
      asked = null;
    }
  }
  return null;
}

/** A count as a provider gives it, which may be anything. */
function tokens(count: unknown): number {
  return typeof count === 'number' && Number.isFinite(count) && count > 0 ? count : 0;
}

/** The time for one request is over. */
class TimedOut extends Error {}

/** The signal stops a model that listens; the race ends the wait for one that does not. */
async function withDeadline(model: Answering, messages: Message[], timeoutMs: number): Promise<ModelMessage> {
  const signal = AbortSignal.timeout(timeoutMs);
  const expired = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new TimedOut(`no answer within ${timeoutMs} ms`));
      },
      { once: true },
    );
  });
  return Promise.race([model.invoke(messages, { signal }), expired]);
}
