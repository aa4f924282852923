import type { Stack } from '../../../cluster/local/stack';
import { type Script, type ScriptedModel, startScriptedModel } from '../../support/scriptedModel';
import { startStack } from './stack';

/** Fixed, so that a stack that is configured for it already need not be changed. */
const PORT = 30_080;

export const startModel = (script: Script): Promise<ScriptedModel> => startScriptedModel(script, PORT);

/** The stack with n8n's chat model pointed at the scripted one. */
export const startStackWith = (model: ScriptedModel, ...options: string[]): Promise<Stack> =>
  startStack(
    { OPENAI_API_KEY: 'scripted', OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'scripted-1' },
    ...options,
  );
