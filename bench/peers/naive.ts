import type { Stack } from '../../cluster/local/stack.js';
import { N8n } from '../../tests/e2e/support/n8n.js';
import { createServerCredentials } from '../baseline.js';
import { type PlayedModel, SCRIPTED } from '../scale/playedModel.js';
import { NAIVE_JOB, NAIVE_PATH, naiveWorkflow } from './naiveWorkflow.js';

/** Of the names of workflows that belong to the benchmark. */
const PREFIX = 'bench peers ';

/** The workflow that the pipeline replaces, in n8n. */
export interface NaivePeer {
  n8n: N8n;
  /** Its id. */
  workflow: string;
  /** Removes it, and what it left in Pushgateway. */
  remove: () => Promise<void>;
}

export async function setUpNaive(stack: Stack, { url }: PlayedModel): Promise<NaivePeer> {
  const { kubernetes, pushgateway } = stack.urls;
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  const credentials = await createServerCredentials(n8n, stack);
  const access = { apiKey: SCRIPTED.apiKey, url: `${url}/v1`, header: false };
  const model = { credential: await n8n.createCredential('openAiApi', access), name: SCRIPTED.name };
  const workflow = await n8n.activate(
    naiveWorkflow(PREFIX, { kubernetes, pushgateway, credentials, model }),
    NAIVE_PATH,
  );
  return {
    n8n,
    workflow,
    remove: async () => {
      await n8n.deleteWorkflows(PREFIX);
      await n8n.deleteCredentials();
      await fetch(`${pushgateway}/metrics/job/${NAIVE_JOB}`, { method: 'DELETE' });
    },
  };
}
