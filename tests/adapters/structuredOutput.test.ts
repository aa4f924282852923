import { ChatOpenAI } from '@langchain/openai';
import type { z } from 'zod/v4';

import { ask } from '../../adapters/model/ask';
import type { ChatModel } from '../../adapters/model/chatModel';
import { rosesAnswerSchema } from '../../core/incident/analysis';
import { proposalSchema } from '../../core/incident/decision';
import { racePrompt } from '../../core/policy/prompt';
import { alertOf, contextOf } from '../support/alerts';
import { deciding, raceAnswer, type Script, type ScriptedModel, startScriptedModel } from '../support/scriptedModel';

let server: ScriptedModel;
beforeAll(async () => {
  server = await startScriptedModel();
});
afterAll(() => server.close());

const alert = alertOf();
const question = { messages: racePrompt(alert, contextOf(alert), undefined), promptVersion: 'race/2' };
const openAi = (model: string): ChatModel =>
  new ChatOpenAI({ model, apiKey: 'none', maxRetries: 0, configuration: { baseURL: server.url } });

function asking(model: ChatModel, script: Script, retries = 0) {
  server.asked.length = 0;
  server.follow(script);
  return ask({ model, problem: null }, { ...question, schema: proposalSchema }, { timeoutMs: 5000, retries });
}

/** Answers without a form, and refuses one as OpenAI does. */
const refusing: Script = ({ form }) => (form === null ? raceAnswer('quarantine_pod') : 400);

test('a model that is known to have structured output is held to the form of the answer', async () => {
  const { answer, run } = await asking(openAi('gpt-5-mini'), deciding('quarantine_pod'));
  expect(answer).toMatchObject({ decision: 'quarantine_pod' });
  expect(run).toMatchObject({ by: 'model', questions: 1, tokens: { input: 100, output: 20 } });
  expect(server.asked[0]?.form).toMatchObject({ required: ['decision', 'classification', 'confidence', 'reason'] });
});

test('a model that is not known to have it is asked in words alone', async () => {
  await asking(openAi('scripted'), deciding('quarantine_pod'));
  expect(server.asked.map(({ form }) => form)).toEqual([null]);
});

test('an answer that is held to the form is checked as any other, and repaired', async () => {
  const { answer, run } = await asking(openAi('gpt-5-mini'), ({ repair }) =>
    repair ? raceAnswer('ignore') : raceAnswer('ignore', { reason: 'long '.repeat(1000) }),
  );
  expect(answer).toMatchObject({ decision: 'ignore' });
  expect(run.questions).toBe(2);
  expect(server.asked.every(({ form }) => form !== null)).toBe(true);
});

test('a server that refuses the form is asked again without, and never with a form from then on', async () => {
  const { answer, run } = await asking(openAi('gpt-4.1'), refusing);
  expect(answer).toMatchObject({ decision: 'quarantine_pod' });
  expect(run).toMatchObject({ by: 'model', questions: 2 });
  const again = await asking(openAi('gpt-4.1'), refusing);
  expect(again.run).toMatchObject({ by: 'model', questions: 1 });
});

test('a server that refuses the request, whatever its form, gets no more requests, and a form the next time', async () => {
  expect((await asking(openAi('gpt-4.1-mini'), () => 400, 1)).run.questions).toBe(2);
  const { run } = await asking(openAi('gpt-4.1-mini'), () => 400);
  expect(run).toMatchObject({ by: 'playbook', questions: 2 });
  await asking(openAi('gpt-4.1-mini'), deciding('ignore'));
  expect(server.asked.map(({ form }) => form === null)).toEqual([false]);
});

test('a server that is down is no server that refuses a form', async () => {
  const { run } = await asking(openAi('gpt-4o'), () => 503, 1);
  expect(run).toMatchObject({ by: 'playbook', questions: 2 });
  await asking(openAi('gpt-4o'), deciding('ignore'));
  expect(server.asked[0]?.form).not.toBeNull();
});

test("Ollama's model is held to the form without a profile", async () => {
  const held: unknown[] = [];
  const model: ChatModel = {
    _llmType: () => 'ollama',
    invoke: () => Promise.reject(new Error('asked in words')),
    withStructuredOutput: (form) => {
      held.push(form);
      return { invoke: () => Promise.resolve({ raw: { content: raceAnswer('ignore') } }) };
    },
  };
  expect((await asking(model, refusing)).answer).toMatchObject({ decision: 'ignore' });
  expect(held).toHaveLength(1);
});

test('a model whose class cannot make the form is asked in words', async () => {
  const model: ChatModel = {
    profile: { structuredOutput: true },
    invoke: () => Promise.resolve({ content: raceAnswer('ignore') }),
    withStructuredOutput: () => {
      throw new Error('Unrecognized structured output method');
    },
  };
  expect((await asking(model, refusing)).answer).toMatchObject({ decision: 'ignore' });
});

async function formSent(schema: z.ZodType): Promise<Record<string, unknown>> {
  await ask({ model: openAi('gpt-5-mini'), problem: null }, { ...question, schema }, { timeoutMs: 5000, retries: 0 });
  return server.asked.at(-1)?.form as Record<string, unknown>;
}

test.each<[string, z.ZodType]>([
  ['analysis', rosesAnswerSchema],
  ['proposal', proposalSchema],
])("the form of the %s keeps to what OpenAI's strict form takes", async (_what, schema) => {
  server.follow(deciding('ignore'));
  const form = await formSent(schema);
  expect(form.additionalProperties).toBe(false);
  expect(form.required).toEqual(Object.keys(Object(form.properties) as object));
  expect(JSON.stringify(form)).not.toMatch(/"(?:\$schema|minLength|maxLength|default|pattern)"/);
});
