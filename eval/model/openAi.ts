import { ChatOpenAI } from '@langchain/openai';

import type { ChatModel } from '../../adapters/model/chatModel.js';

export interface ServerAccess {
  name: string;
  /** Base URL, such as http://127.0.0.1:11434/v1. */
  url: string;
  key: string;
  /** Whether the model is held to the JSON form of its answers. */
  isStructured: boolean;
}

/** A model behind OpenAI's chat completions protocol, by the client that n8n uses too. */
export function openAiModel({ name, url, key, isStructured }: ServerAccess): ChatModel {
  // Waits and repeats are counted, so the client makes none of its own.
  return new ChatOpenAI({
    model: name,
    apiKey: key,
    maxRetries: 0,
    configuration: { baseURL: url },
    // A model that may not stream is not held to a form.
    disableStreaming: !isStructured,
    // A refusal is nowhere else.
    __includeRawResponse: true,
  });
}
