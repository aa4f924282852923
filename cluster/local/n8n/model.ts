import { Refusal } from '../errors.js';

/** An OpenAI-compatible endpoint: a cloud's, Ollama, vLLM, llama.cpp. */
export interface Model {
  apiKey: string;
  url: string;
  name: string;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * The model that the environment configures, or undefined: then the playbook decides.
 * @throws Refusal when an endpoint is set without a model's name, which no default would fit
 */
export function modelFrom(env: Record<string, string | undefined>): Model | undefined {
  // An empty variable counts as none: that is how shells and CI unset one for a command.
  const set = (variable: string): string | undefined => (env[variable] === '' ? undefined : env[variable]);
  const [apiKey, url, name] = [set('OPENAI_API_KEY'), set('OPENAI_BASE_URL'), set('OPENAI_MODEL')];
  if (!apiKey && !url) return undefined;
  if (!name) {
    throw new Refusal(
      `${apiKey ? 'OPENAI_API_KEY' : 'OPENAI_BASE_URL'} is set, OPENAI_MODEL is not.`,
      "Set OPENAI_MODEL to one of the endpoint's models, or unset the others to run on the playbook.",
    );
  }
  // Endpoints without authentication still want the header.
  return { apiKey: apiKey ?? 'none', url: url ?? OPENAI_URL, name };
}
