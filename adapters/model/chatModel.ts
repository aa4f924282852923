import type { BaseMessageLike } from '@langchain/core/messages';

/**
 * The part of a LangChain chat model that is used. Described by shape: n8n brings its own copy of @langchain/core, so
 * that `instanceof` would fail for a model that is all right.
 */
export interface ChatModel {
  invoke: (messages: BaseMessageLike[], options: { signal: AbortSignal }) => Promise<ModelMessage>;
  /** The reply in chunks. Settles with the first of them, or with the server's error. */
  stream?: (messages: BaseMessageLike[], options: { signal: AbortSignal }) => Promise<AsyncIterable<ModelMessage>>;
  /** Which of LangChain's classes it is of. */
  _llmType?: () => string;
  model?: unknown;
  modelName?: unknown;
}

export interface ModelMessage {
  content: unknown;
  usage_metadata?: { input_tokens?: number; output_tokens?: number };
  /** What the provider says of the reply, under its own names. */
  response_metadata?: unknown;
  /** What else the provider sends, such as reasoning. */
  additional_kwargs?: unknown;
}

export function isChatModel(value: unknown): value is ChatModel {
  return typeof value === 'object' && value !== null && 'invoke' in value && typeof value.invoke === 'function';
}

/** The model's name as its class gives it. */
export function nameOf({ model, modelName }: ChatModel): string | null {
  return [model, modelName].find((name) => typeof name === 'string') ?? null;
}

/** A message's text: content is a string, or a list of parts of which only text counts. Reasoning is no answer. */
export function textOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(textOfPart).join('');
}

/** OpenAI's responses call their text `output_text`; Gemini marks a thought beside its text instead of by its type. */
const TEXT_TYPES: readonly unknown[] = ['text', 'output_text', undefined];

function textOfPart(part: unknown): string {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null || !('text' in part) || typeof part.text !== 'string') return '';
  const { type, thought } = part as { type?: unknown; thought?: unknown };
  return TEXT_TYPES.includes(type) && thought !== true ? part.text : '';
}

/** How providers say why a reply ended: OpenAI and Mistral, Anthropic and Bedrock, Gemini, Ollama. */
const END_KEYS = ['finish_reason', 'stop_reason', 'stopReason', 'finishReason', 'done_reason'];

/** Whether the limit of tokens ended a reply. Then it may be the reasoning that was cut off, and a draft looks like an answer. */
export function isCutOff(reply: ModelMessage): boolean {
  return endsOf(reply).some((end) => /^(?:length|max_?(?:output_)?tokens)$/i.test(end));
}

/** Whether a reply says why it ended. Of a streamed one the rest may be missing otherwise. */
export function saysItsEnd(reply: ModelMessage): boolean {
  return endsOf(reply).length > 0;
}

function endsOf({ response_metadata: said }: ModelMessage): string[] {
  return Object.entries(Object(said) as object).flatMap(([key, value]) =>
    END_KEYS.includes(key) && typeof value === 'string' ? [value] : [],
  );
}
