import { StackError } from '../local/errors.js';
import { type Model, modelFrom } from '../local/n8n/model.js';

/** What a run without the variables knows of the model that was configured before. */
type KnownModel = Partial<Record<'model' | 'modelUrl' | 'modelKey', string>>;

/** In a pod these are the pod itself. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

/**
 * The model for n8n in the cluster: the environment's, else the one of before; OPENAI_MODEL=none takes it away.
 * @throws StackError when no pod could reach its endpoint
 */
export function modelFor(env: Record<string, string | undefined>, known: KnownModel): Model | undefined {
  if (env.OPENAI_MODEL === 'none') return undefined;
  const { model: name, modelUrl: url, modelKey: apiKey } = known;
  const kept = name && url && apiKey ? { name, url, apiKey } : undefined;
  const model = modelFrom(env) ?? kept;
  if (model !== undefined && LOOPBACK.test(new URL(model.url).hostname))
    throw new StackError(
      `OPENAI_BASE_URL is ${model.url}, which in n8n's pod is the pod itself.`,
      "Let the model listen on an address that pods can reach, such as this machine's own in its network, and set that address.",
    );
  return model;
}

/** What is kept of it beside n8n's credential, for the next run, and for the NetworkPolicy that lets n8n reach it. */
export function remembered(model: Model | undefined): Record<string, string> {
  if (model === undefined) return { model: '' };
  const { port, protocol } = new URL(model.url);
  return {
    model: model.name,
    modelUrl: model.url,
    modelKey: model.apiKey,
    modelPort: port || (protocol === 'https:' ? '443' : '80'),
  };
}
