import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { type RunningServer, serve } from './httpServer';
import { finishOf, isStreamed, type ScriptedReply, sendStream, toolCall, USAGE } from './scriptedStream';

/** What the model is asked: which agent asks, everything it was told, and whether this is the repair question. */
export interface Asked {
  agent: 'roses' | 'race';
  text: string;
  /** What tools gave, in order. */
  results: string[];
  repair: boolean;
  /** How the answer has to be formed, as OpenAI's `response_format` says it, or null. */
  form: unknown;
  /** Whether the answer has to be streamed. */
  streamed: boolean;
}

/** An error of the server: an HTTP status, what it says, and after how many seconds the next request may come. */
interface ScriptedError {
  status: number;
  message?: string;
  retryAfter?: number;
}

/** A text is an answer, a number an HTTP status; with null the model never answers. */
export type Script = (asked: Asked) => string | number | ScriptedReply | ScriptedError | null;

export interface ScriptedModel extends RunningServer {
  /** Every question since the start, in order. */
  asked: Asked[];
  follow: (script: Script) => void;
  /** Keeps every answer back until the function that it returns is called. */
  hold: () => () => void;
  /** Lets every answer take so long from now on. */
  delay: (milliseconds: number) => void;
}

/** A valid ROSES answer. */
export const ROSES_ANSWER = JSON.stringify({
  role: 'incident analyst',
  objective: 'find out what ran',
  steps: ['read the command line'],
  evidence: ['proc.cmdline'],
  summary: 'A program was started in the pod.',
});

/** A valid RACE answer. */
export function raceAnswer(decision: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    decision,
    classification: 'true_positive',
    confidence: 0.9,
    reason: 'As scripted.',
    ...more,
  });
}

/** Analyses properly and decides as told. */
export const deciding =
  (decision: string): Script =>
  ({ agent }) =>
    agent === 'roses' ? ROSES_ANSWER : raceAnswer(decision);

interface ChatRequest {
  model: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  response_format?: unknown;
  /** Content is null beside calls of tools. */
  messages: { role: string; content: string | null }[];
}

/** A model behind OpenAI's chat completions protocol, which answers by a script. */
export async function startScriptedModel(script: Script = deciding('escalate'), port = 0): Promise<ScriptedModel> {
  const asked: Asked[] = [];
  let current = script;
  let held = Promise.resolve();
  let delayMs = 0;
  const server = await serve((request, response, body) => {
    if (request.method !== 'POST' || !request.url?.endsWith('/chat/completions'))
      return void response.writeHead(404).end();
    const chat = JSON.parse(body) as ChatRequest;
    const { model, messages, stream = false } = chat;
    const question: Asked = {
      agent: messages[0]?.content?.includes('incident analyst') ? 'roses' : 'race',
      text: messages.map(({ content }) => content ?? '').join('\n'),
      results: messages.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : [])),
      repair: messages.some(({ role }) => role === 'assistant'),
      form: chat.response_format ?? null,
      streamed: stream,
    };
    asked.push(question);
    const answer = current(question);
    if (answer === null) return;
    void Promise.all([held, pause(delayMs)]).then(() => {
      const reply = typeof answer === 'string' ? { text: answer } : answer;
      if (isError(reply)) sendError(response, reply);
      else if (stream && isStreamed(reply))
        sendStream(response, model, reply, chat.stream_options?.include_usage === true);
      else response.writeHead(200, JSON_CONTENT).end(JSON.stringify(completion(model, reply)));
    });
  }, port);
  const hold = (): (() => void) => {
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    return release;
  };
  return {
    ...server,
    asked,
    follow: (next) => (current = next),
    hold,
    delay: (milliseconds) => (delayMs = milliseconds),
  };
}

const JSON_CONTENT = { 'content-type': 'application/json' };

function isError(reply: number | ScriptedReply | ScriptedError): reply is number | ScriptedError {
  return typeof reply === 'number' || 'status' in reply;
}

function sendError(response: ServerResponse, error: number | ScriptedError): void {
  const { status, message = 'scripted', retryAfter } = typeof error === 'number' ? { status: error } : error;
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  response.writeHead(status, { ...JSON_CONTENT, ...wait }).end(JSON.stringify({ error: { message } }));
}

function completion(model: string, reply: ScriptedReply) {
  const { text = '', refusal, calls } = reply;
  const message = {
    role: 'assistant',
    content: text,
    refusal: refusal ?? null,
    ...(calls === undefined ? {} : { tool_calls: calls.map(toolCall) }),
  };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_795_083_330,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(reply) }],
    usage: USAGE,
  };
}
