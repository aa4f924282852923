/** The answer's form and its stream, by n8n's own OpenAI Chat Model node and the LangChain that n8n has. */
import { randomUUID } from 'node:crypto';

import { z } from 'zod/v4';

import { loadAlert } from '../../cluster/local/alerts/alertFiles';
import type { Stack } from '../../cluster/local/stack';
import { CHAT_MODEL } from '../../cluster/shared/n8n/workflow';
import { analysisSchema } from '../../core/incident/analysis';
import { deciding, ROSES_ANSWER, type Script, type ScriptedModel } from '../support/scriptedModel';
import { N8n } from './support/n8n';
import { startModel, startStackWith } from './support/scriptedStack';
import { FIRST_START_MS } from './support/stack';

const PREFIX = 'e2e structured output';
/** n8n's name for the connection of a model. */
const MODEL = 'ai_languageModel';

let stack: Stack;
let model: ScriptedModel;
let n8n: N8n;
let credential: string;

beforeAll(async () => {
  model = await startModel(deciding('escalate'));
  stack = await startStackWith(model);
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  credential = await n8n.createCredential('openAiApi', { apiKey: 'scripted', url: `${model.url}/v1`, header: false });
}, FIRST_START_MS);
afterAll(async () => {
  await n8n.deleteWorkflows(PREFIX);
  await n8n.deleteCredentials();
  await model.close();
});

interface Analyst {
  workflow: string;
  /** Sends an alert. Gives the analysis. */
  analyse: () => Promise<z.infer<typeof analysisSchema>>;
}

/** ROSES Agent behind a webhook, with a model whose server remembers nothing of other tests. */
async function analyst(options: Record<string, unknown> = {}): Promise<Analyst> {
  const path = `e2e-structured-${randomUUID()}`;
  const node = (name: string, type: string, typeVersion: number, parameters: Record<string, unknown>) => ({
    ...{ id: randomUUID(), name, type, typeVersion, parameters },
    position: [0, 0],
  });
  const workflow = await n8n.activate(
    {
      name: `${PREFIX} ${path}`,
      nodes: [
        {
          ...node('Webhook', 'n8n-nodes-base.webhook', 2, { path, httpMethod: 'POST', responseMode: 'lastNode' }),
          webhookId: path,
        },
        node('ROSES Agent', 'n8n-nodes-incident-pipeline.rosesAgent', 1, { timeoutSeconds: 5 }),
        {
          ...node('Chat Model', CHAT_MODEL, 1.3, {
            model: { __rl: true, mode: 'id', value: path },
            responsesApiEnabled: false,
            options,
          }),
          credentials: { openAiApi: { id: credential, name: 'e2e openAiApi' } },
        },
      ],
      connections: {
        Webhook: { main: [[{ node: 'ROSES Agent', type: 'main', index: 0 }]] },
        'Chat Model': { [MODEL]: [[{ node: 'ROSES Agent', type: MODEL, index: 0 }]] },
      },
      settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
    },
    path,
  );
  const body = JSON.stringify(await loadAlert('test-shell'));
  const analyse = async () => {
    model.asked.length = 0;
    const response = await fetch(`${stack.urls.n8n}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return z.object({ analysis: analysisSchema }).parse(await response.json()).analysis;
  };
  return { workflow, analyse };
}

const held = (): boolean[] => model.asked.map(({ form }) => form !== null);

test("n8n's model is held to the answer by a stream, and n8n counts the tokens that its server counted", async () => {
  model.follow(deciding('escalate'));
  const { workflow, analyse } = await analyst();
  const { summary, run } = await analyse();
  expect(summary).toBe('A program was started in the pod.');
  expect(run).toMatchObject({ by: 'model', questions: 1, tokens: { input: 100, output: 20 } });
  expect(model.asked).toMatchObject([{ streamed: true, form: { type: 'json_schema', json_schema: { strict: true } } }]);
  const [execution] = await n8n.executions(workflow, '&status=success');
  expect(await n8n.tokens(execution?.id ?? '', 'Chat Model')).toEqual([{ promptTokens: 100, completionTokens: 20 }]);
});

test.each<[string, ReturnType<Script>]>([
  ['refuses the form', { status: 400, message: "Invalid parameter: 'response_format' of type 'json_schema'" }],
  ['does not stream', { text: ROSES_ANSWER, fault: 'does not stream' }],
  ['breaks its stream off', { text: ROSES_ANSWER, fault: 'breaks off' }],
  ['never ends its stream', { text: ROSES_ANSWER, fault: 'never ends' }],
])('a server that %s is asked in words, at the next alert at once', async (_how, wrong) => {
  model.follow(({ form }) => (form === null ? ROSES_ANSWER : wrong));
  const { workflow, analyse } = await analyst();
  expect((await analyse()).run).toMatchObject({ by: 'model', questions: 2 });
  expect(held()).toEqual([true, false]);
  expect((await analyse()).run).toMatchObject({ by: 'model', questions: 1 });
  expect(held()).toEqual([false]);
  // Before these, the empty body that showed that the webhook answers.
  const statuses = (await n8n.executions(workflow)).map(({ status }) => status);
  expect(statuses).toEqual(['success', 'success', 'error']);
});

test("the response format that a user chose in n8n's node is kept", async () => {
  model.follow(deciding('escalate'));
  const { analyse } = await analyst({ responseFormat: 'json_object' });
  expect((await analyse()).run).toMatchObject({ by: 'model', questions: 1 });
  expect(model.asked).toMatchObject([{ streamed: false, form: { type: 'json_object' } }]);
});
