import type { z } from 'zod/v4';

import { messageOf } from '../../core/errors';
import { forgetOldest } from '../../core/forgetOldest';
import { formOf } from './answerForm';
import { type ChatModel, nameOf } from './chatModel';
import { readStream } from './readStream';

/** What answers a request: a model, or a model that is held to a form. */
export type Answering = Pick<ChatModel, 'invoke'>;

/** A model that its server holds to the JSON form of the answer. For one request. */
export interface HeldModel extends Answering {
  /** Whether a request without a reply may have failed by its form, or by being streamed. */
  isToBlame: (error: unknown) => boolean;
  /** Remembers for a while that this server answers only without a form, or that this model answers better so. */
  avoid: () => void;
}

/** How LangChain's classes take a form, by `_llmType`: OpenAI's, which serves many other providers, and Ollama's. */
const OPTIONS = new Map<unknown, (schema: object) => object>([
  [
    'openai',
    (schema) => ({ response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } }),
  ],
  ['ollama', (format) => ({ format })],
]);

const AVOIDED_MS = 60 * 60 * 1000;
const MOST_AVOIDED = 100;
/** Until when by `performance.now()`, by server and model. */
const avoided = new Map<string, number>();

/**
 * The same model, held to answers of this schema. Null where its class has no form, its user chose one, or one
 * did not help within the last hour.
 *
 * The reply is streamed. Without that LangChain's client for OpenAI reads it itself: it throws fenced, cut off and filtered
 * answers away, and sends their requests again.
 */
export function heldToForm(model: ChatModel, schema: z.ZodType): HeldModel | null {
  const options = OPTIONS.get(typeof model._llmType === 'function' ? model._llmType() : null);
  const key = keyOf(model);
  if (options === undefined || !mayBeHeld(model) || performance.now() < (avoided.get(key) ?? -Infinity)) return null;
  let hasBegun = false;
  return {
    invoke: async (messages, { signal }) => {
      const chunks = await model.stream(messages, { ...options(formOf(schema)), signal });
      hasBegun = true;
      return readStream(chunks, signal);
    },
    isToBlame: (error) => hasBegun || isRefusal(error),
    avoid: () => {
      avoided.delete(key);
      avoided.set(key, performance.now() + AVOIDED_MS);
      forgetOldest(avoided, MOST_AVOIDED);
    },
  };
}

/** What LangChain's classes have been set to. */
interface Settings {
  useResponsesApi?: unknown;
  _useResponsesApi?: (options: object) => boolean;
  disableStreaming?: unknown;
  modelKwargs?: unknown;
  format?: unknown;
  clientConfig?: { baseURL?: unknown };
  baseUrl?: unknown;
}

/** What users add to requests to choose the form of answers themselves, `format` for Ollama aside. */
const CHOSEN = ['response_format', 'json_schema', 'grammar', 'structured_outputs', 'guided_json'];

type StreamingModel = ChatModel & Required<Pick<ChatModel, 'stream'>>;

/** OpenAI's other protocol, that of its responses, has another form. */
function mayBeHeld(model: ChatModel): model is StreamingModel {
  const settings = model as Settings;
  const { useResponsesApi, disableStreaming, modelKwargs, format } = settings;
  return (
    typeof model.stream === 'function' &&
    disableStreaming !== true &&
    useResponsesApi !== true &&
    settings._useResponsesApi?.({}) !== true &&
    format === undefined &&
    !CHOSEN.some((name) => name in Object(modelKwargs))
  );
}

function keyOf(model: ChatModel): string {
  const { clientConfig, baseUrl } = model as Settings;
  return JSON.stringify([clientConfig?.baseURL, baseUrl, nameOf(model)]);
}

/** An error of OpenAI's client, of Ollama's, or n8n's wrapper of either. */
interface RequestError {
  status?: unknown;
  status_code?: unknown;
  httpCode?: unknown;
  description?: unknown;
}

/** A request that is wrong, or for which there is no such model or provider. */
const REFUSING: readonly number[] = [400, 404, 422];
const NAMES_FORM = /response_format|json.?schema|grammar|structured|\bstream/i;

function isRefusal(error: unknown): boolean {
  const { status, status_code: code, httpCode, description } = Object(error) as RequestError;
  return (
    REFUSING.includes(Number(status ?? code ?? httpCode)) ||
    NAMES_FORM.test(`${messageOf(error)} ${String(description)}`)
  );
}
