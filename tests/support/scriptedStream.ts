import type { ServerResponse } from 'node:http';

/** An answer with what a provider says of it. */
export interface ScriptedReply {
  text?: string;
  /** What OpenAI's models say instead of an answer. */
  refusal?: string;
  finishReason?: 'stop' | 'length' | 'content_filter' | 'tool_calls';
  /** Tools that it calls first, each with its arguments. */
  calls?: { name: string; arguments: object }[];
  /** What the server does wrong when it is asked to stream. */
  fault?: keyof typeof FAULTS | 'does not stream';
}

/** How a stream ends other than it should, after the first half of the text. */
const FAULTS = {
  // Once this is sent, so that the client has the first half.
  'breaks off': (response: ServerResponse, more: string) => response.write(more, () => response.destroy()),
  'ends early': (response: ServerResponse) => response.end(),
  'falls silent': () => undefined,
  'never ends': (response: ServerResponse, more: string) => {
    const write = (): void => {
      while (!response.destroyed && response.write(more));
    };
    response.on('drain', write);
    write();
  },
} as const;

export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

export function isStreamed({ fault }: ScriptedReply): boolean {
  return fault !== 'does not stream';
}

export function finishOf({ finishReason, calls }: ScriptedReply): string {
  return finishReason ?? (calls === undefined ? 'stop' : 'tool_calls');
}

/** Sends an answer as OpenAI's server-sent events, the text in pieces. */
export function sendStream(response: ServerResponse, model: string, reply: ScriptedReply, usage: boolean): void {
  const { text = '', refusal, calls, fault } = reply;
  const about = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_795_083_330, model };
  const event = (more: object): string => `data: ${JSON.stringify({ ...about, ...more })}\n\n`;
  const delta = (said: object, finished: string | null = null): string =>
    event({ choices: [{ index: 0, delta: said, logprobs: null, finish_reason: finished }] });
  const send = (data: string): boolean => response.write(data);

  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send(delta({ role: 'assistant', content: '' }));
  const half = Math.ceil(text.length / 2);
  for (const content of piecesOf(text.slice(0, half))) send(delta({ content }));
  if (fault !== undefined && fault !== 'does not stream')
    return void FAULTS[fault](response, delta({ content: ' '.repeat(MOST_IN_PIECE) }));
  for (const content of piecesOf(text.slice(half))) send(delta({ content }));
  for (const said of piecesOf(refusal ?? '')) send(delta({ refusal: said }));
  if (calls !== undefined)
    send(delta({ tool_calls: calls.map((call, index) => ({ index, ...toolCall(call, index) })) }));
  send(delta({}, finishOf(reply)));
  if (usage) send(event({ choices: [], usage: USAGE }));
  response.end('data: [DONE]\n\n');
}

/** Characters. */
const MOST_IN_PIECE = 8192;

/** A text in about ten pieces, or more if it is long. */
function piecesOf(text: string): string[] {
  const size = Math.min(MOST_IN_PIECE, Math.max(1, Math.ceil(text.length / 10)));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

export function toolCall({ name, arguments: given }: { name: string; arguments: object }, index: number) {
  return { id: `call-${index}`, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}
