import { ChatOpenAI } from '@langchain/openai';

import type { ChatModel } from '../../adapters/model/chatModel.js';

export interface ServerAccess {
  name: string;
  /** Base URL, such as http://127.0.0.1:11434/v1. */
  url: string;
  key: string;
  /** Whether the server holds any model to a form, as llama.cpp and vLLM do. Else LangChain's profile of the model says it. */
  isStructured: boolean;
}

/** A model behind OpenAI's chat completions protocol, by the client that n8n uses too. */
export function openAiModel({ name, url, key, isStructured }: ServerAccess): ChatModel {
  // Waits and repeats are counted, so the client makes none of its own.
  const model = new ChatOpenAI({
    model: name,
    apiKey: key,
    maxRetries: 0,
    configuration: { baseURL: url },
    // A refusal is nowhere else.
    __includeRawResponse: true,
  });
  if (isStructured) Object.defineProperty(model, 'profile', { value: { ...model.profile, structuredOutput: true } });
  return model;
}
