import { type ModelMessage, saysItsEnd, textOf } from './chatModel';

/** Of one reply with its reasoning, in characters: far more than an answer may have. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Puts a streamed reply together, within bounds: a server may never stop sending.
 * @throws Error where the reply is too long, or its stream ended before it did; the signal's reason once it is aborted
 */
export async function readStream(chunks: AsyncIterable<ModelMessage>, signal: AbortSignal): Promise<ModelMessage> {
  const reply = { content: '', response_metadata: {} };
  let usage: ModelMessage['usage_metadata'];
  let length = 0;
  for await (const chunk of chunks) {
    // A model that does not listen is stopped here.
    signal.throwIfAborted();
    length += JSON.stringify([chunk.content, chunk.additional_kwargs]).length;
    if (length > LONGEST) throw new Error('the streamed reply is longer than a reply can be');
    reply.content += textOf(chunk);
    Object.assign(reply.response_metadata, chunk.response_metadata);
    usage = chunk.usage_metadata ?? usage;
  }
  if (!saysItsEnd(reply)) throw new Error('the stream ended before the reply did');
  return { ...reply, ...(usage === undefined ? {} : { usage_metadata: usage }) };
}
