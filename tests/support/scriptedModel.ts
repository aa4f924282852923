import { setTimeout as pause } from 'node:timers/promises';

import { type RunningServer, serve } from './httpServer';

/** What the model is asked: which agent asks, everything it was told, and whether this is the repair question. */
export interface Asked {
  agent: 'roses' | 'race';
  text: string;
  /** What tools gave, in order. */
  results: string[];
  repair: boolean;
}

/** An answer with what a provider says of it. */
interface ScriptedReply {
  text?: string;
  /** What OpenAI's models say instead of an answer. */
  refusal?: string;
  finishReason?: 'stop' | 'length' | 'content_filter' | 'tool_calls';
  /** Tools that it calls first, each with its arguments. */
  calls?: { name: string; arguments: object }[];
}

/** An error of the server: an HTTP status, and after how many seconds the next request may come. */
interface ScriptedError {
  status: number;
  retryAfter: number;
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
    const { model, messages } = JSON.parse(body) as ChatRequest;
    const question: Asked = {
      agent: messages[0]?.content?.includes('incident analyst') ? 'roses' : 'race',
      text: messages.map(({ content }) => content ?? '').join('\n'),
      results: messages.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : [])),
      repair: messages.some(({ role }) => role === 'assistant'),
    };
    asked.push(question);
    const answer = current(question);
    if (answer === null) return;
    const { status, headers, content } = answered(model, answer);
    void Promise.all([held, pause(delayMs)]).then(() =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content)),
    );
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

function answered(model: string, answer: NonNullable<ReturnType<Script>>) {
  if (typeof answer === 'string') return { status: 200, headers: {}, content: completion(model, { text: answer }) };
  if (typeof answer === 'number') return { status: answer, headers: {}, content: { error: { message: 'scripted' } } };
  if (!('status' in answer)) return { status: 200, headers: {}, content: completion(model, answer) };
  const headers = { 'retry-after': String(answer.retryAfter) };
  return { status: answer.status, headers, content: { error: { message: 'scripted' } } };
}

function completion(model: string, { text = '', refusal, calls, finishReason }: ScriptedReply) {
  const message = {
    role: 'assistant',
    content: text,
    refusal: refusal ?? null,
    ...(calls === undefined ? {} : { tool_calls: calls.map(toolCall) }),
  };
  const finished = finishReason ?? (calls === undefined ? 'stop' : 'tool_calls');
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_795_083_330,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finished }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
}

const toolCall = ({ name, arguments: given }: { name: string; arguments: object }, index: number) => ({
  id: `call-${index}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
});
