import { z } from 'zod/v4';

import { forgetOldest } from '../../core/forgetOldest';
import type { ChatModel } from './chatModel';

/** Only what answers a request: a model, or a model that is held to a form. */
export type Asked = Pick<ChatModel, 'invoke'>;

/** Keywords that OpenAI's strict form of JSON Schema refuses. The answer is checked against the whole schema anyway. */
const REFUSED_KEYWORDS: ReadonlySet<string> = new Set(['$schema', 'minLength', 'maxLength']);

/** Models whose server refused a form since this process began, by name. They are asked without one. */
const refusing = new Map<string, true>();
const MOST_NAMES = 100;

/**
 * The same model, which its provider holds to answers of this schema's form (structured output). Null where the model is
 * not known to have that, by LangChain's profile of it, or where its server has refused it before.
 */
export function heldToForm(model: ChatModel, name: string | null, schema: z.ZodType): Asked | null {
  if (!hasStructuredOutput(model) || refusing.has(name ?? '')) return null;
  try {
    const held = model.withStructuredOutput(formOf(schema), {
      name: 'answer',
      method: 'jsonSchema',
      strict: true,
      includeRaw: true,
    });
    // LangChain's own reading of the text is left: `readAnswer` is stricter.
    return { invoke: async (messages, options) => (await held.invoke(messages, options)).raw };
  } catch {
    return null;
  }
}

/** Whether a server may have refused the form: that, or anything else about the request, since an alert's text is in it. */
export function mayRefuseForm(error: unknown): boolean {
  const { status } = Object(error) as { status?: unknown };
  return status === 400 || status === 422;
}

/** Remembers that a model's server refuses a form: it answered the same request without one. */
export function rememberRefusal(name: string | null): void {
  refusing.set(name ?? '', true);
  forgetOldest(refusing, MOST_NAMES);
}

interface StructuredModel extends ChatModel {
  withStructuredOutput: NonNullable<ChatModel['withStructuredOutput']>;
}

function hasStructuredOutput(model: ChatModel): model is StructuredModel {
  if (typeof model.withStructuredOutput !== 'function') return false;
  const { structuredOutput } = Object(model.profile) as { structuredOutput?: unknown };
  return structuredOutput === true || isOllama(model);
}

/** Ollama holds every model to a form by a grammar, and has no profiles. */
function isOllama({ _llmType: type }: ChatModel): boolean {
  return typeof type === 'function' && type() === 'ollama';
}

/** JSON Schema as strict structured outputs take it: no property optional, none beside them, no length of a text. */
function formOf(schema: z.ZodType): Record<string, unknown> {
  const form = JSON.stringify(z.toJSONSchema(schema), (key, value: unknown) =>
    REFUSED_KEYWORDS.has(key) ? undefined : value,
  );
  return JSON.parse(form) as Record<string, unknown>;
}
