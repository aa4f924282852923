import { ChatOpenAI } from '@langchain/openai';

import type { ChatModel } from '../../adapters/model/chatModel.js';

export interface ServerAccess {
  name: string;
  /** Base URL, such as http://127.0.0.1:11434/v1. */
  url: string;
  key: string;
}

/** A model behind OpenAI's chat completions protocol, by the client that n8n uses too. */
export function openAiModel({ name, url, key }: ServerAccess): ChatModel {
  // Waits and repeats are counted, so the client makes none of its own.
  return new ChatOpenAI({
    model: name,
    apiKey: key,
    maxRetries: 0,
    configuration: { baseURL: url },
    // A refusal is nowhere else.
    __includeRawResponse: true,
  });
}
