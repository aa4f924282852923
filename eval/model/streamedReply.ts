import type { ChatModel, ModelMessage } from '../../adapters/model/chatModel.js';
import { readStream } from '../../adapters/model/readStream.js';
import { isRefusal } from './failures.js';

/** A model's streamed reply as the product reads it, with the chunk's part in which the model refused to answer. */
export async function streamedReply(
  model: ChatModel,
  ...[messages, options]: Parameters<NonNullable<ChatModel['stream']>>
): Promise<ModelMessage> {
  let refusal: unknown;
  const watched = async function* (chunks: AsyncIterable<ModelMessage>): AsyncGenerator<ModelMessage> {
    for await (const chunk of chunks) {
      if (isRefusal(chunk)) refusal = chunk.additional_kwargs;
      // The chunk as it came is in it, and counts for nothing.
      yield { ...chunk, additional_kwargs: undefined };
    }
  };
  if (model.stream === undefined) throw new TypeError('the model cannot stream');
  const reply = await readStream(watched(await model.stream(messages, options)), options.signal);
  return { ...reply, additional_kwargs: refusal };
}

/** A reply as a stream of one chunk. */
export async function* oneChunk(reply: ModelMessage): AsyncGenerator<ModelMessage> {
  yield await Promise.resolve(reply);
}
