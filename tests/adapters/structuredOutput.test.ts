import { setTimeout as pause } from 'node:timers/promises';

import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai';

import { z } from 'zod/v4';

import { formOf } from '../../adapters/model/answerForm';
import { ask } from '../../adapters/model/ask';
import type { ChatModel } from '../../adapters/model/chatModel';
import { rosesAnswerSchema } from '../../core/incident/analysis';
import { DECISIONS, proposalSchema } from '../../core/incident/decision';
import { RACE_PROMPT_VERSION, racePrompt } from '../../core/policy/prompt';
import { alertOf, contextOf } from '../support/alerts';
import { deciding, raceAnswer, type Script, type ScriptedModel, startScriptedModel } from '../support/scriptedModel';
import type { ScriptedReply } from '../support/scriptedStream';

let server: ScriptedModel;
beforeAll(async () => {
  server = await startScriptedModel();
});
afterAll(() => server.close());

let models = 0;
/** A model that no other test has: what its server refuses is remembered. */
function openAi(fields: ChatOpenAIFields = {}): ChatModel {
  models += 1;
  return new ChatOpenAI({
    model: `model-${models}`,
    apiKey: 'none',
    maxRetries: 0,
    configuration: { baseURL: server.url },
    ...fields,
  });
}

const alert = alertOf();
const question = {
  messages: racePrompt(alert, contextOf(alert), undefined),
  promptVersion: RACE_PROMPT_VERSION,
  schema: proposalSchema,
};

async function asking(model: ChatModel, script: Script, { timeoutMs = 5000, retries = 0 } = {}) {
  server.asked.length = 0;
  server.follow(script);
  const reply = await ask({ model, problem: null }, question, { timeoutMs, retries });
  // Whatever the server did: what is counted is what it got.
  expect(reply.run.questions).toBeLessThanOrEqual(2 * (1 + retries));
  return reply;
}

/** Which requests had a form. */
const held = (): boolean[] => server.asked.map(({ form }) => form !== null);

/** A server that goes wrong only where a form is asked for. */
const onlyHeld =
  (wrong: ReturnType<Script>): Script =>
  (asked) =>
    asked.form === null ? raceAnswer('escalate') : wrong;

test('a model with structured output is held to the answer, streamed, and the reply has all that others have', async () => {
  const { answer, run } = await asking(openAi({ model: 'held-1' }), deciding('quarantine_pod'));
  expect(answer).toMatchObject({ decision: 'quarantine_pod' });
  expect(run).toMatchObject({
    by: 'model',
    fallbackReason: null,
    model: 'held-1',
    tokens: { input: 100, output: 20 },
    questions: 1,
  });
  expect(server.asked).toMatchObject([
    { streamed: true, form: { type: 'json_schema', json_schema: { name: 'answer', strict: true } } },
  ]);
});

describe('a reply is read as one that is not held to a form', () => {
  const fenced = `Here it is:\n\`\`\`json\n${raceAnswer('escalate')}\n\`\`\``;

  test.each<[string, string]>([
    ['a fenced answer', fenced],
    ['an answer after reasoning', `<think>${raceAnswer('ignore')} No.</think>${raceAnswer('escalate')}`],
    [
      'an answer in pieces that split its characters',
      raceAnswer('escalate', { reason: 'Ünïcödé \u{1F6A8}'.repeat(50) }),
    ],
  ])('%s is taken', async (_what, text) => {
    const { answer, run } = await asking(openAi(), () => text);
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(run).toMatchObject({ by: 'model', questions: 1 });
  });

  test.each<[string, string | ScriptedReply, RegExp]>([
    ['prose', 'I would rather not say.', /no JSON object/],
    ['nothing', '', /no JSON object/],
    ['a refusal', { refusal: 'I cannot help with that.' }, /no JSON object/],
    ["the content filter's end", { text: '{"decision": "dele', finishReason: 'content_filter' }, /cut off/],
    ['a draft that the limit of tokens cut off', { text: raceAnswer('ignore'), finishReason: 'length' }, /cut it off/],
    ['half of an answer', raceAnswer('ignore').slice(0, -3), /cut off/],
    ['an unknown decision', raceAnswer('reboot_node'), /decision/],
    ['two megabytes', `${raceAnswer('ignore')}${' '.repeat(2_000_000)}`, /longer/],
  ])(
    '%s is no answer: words repair it, and are used from then on, or the playbook takes over',
    async (_what, reply, problem) => {
      const model = openAi();
      const repaired = await asking(model, ({ repair }) => (repair ? raceAnswer('escalate') : reply));
      expect(repaired.answer).toMatchObject({ decision: 'escalate' });
      expect(held()).toEqual([true, false]);
      await asking(model, deciding('ignore'));
      expect(held()).toEqual([false]);
      const { answer, run } = await asking(openAi(), () => reply);
      expect(answer).toBeNull();
      expect(run).toMatchObject({ by: 'playbook', questions: 2 });
      expect(run.fallbackReason).toMatch(problem);
    },
  );
});

describe('a server that cannot do it', () => {
  const text = raceAnswer('ignore');

  test.each<[string, ReturnType<Script>]>([
    ['answers 400', 400],
    ['answers 404', 404],
    ['answers 422', 422],
    ['names the form in a 500', { status: 500, message: 'failed to parse grammar' }],
    ['names the stream in a 501', { status: 501, message: 'Streaming is not implemented.' }],
    ['does not stream', { text, fault: 'does not stream' }],
    ['breaks its stream off', { text, fault: 'breaks off' }],
    ['ends its stream early', { text, fault: 'ends early' }],
    ['never ends its stream', { text, fault: 'never ends' }],
  ])('and %s is asked in words within the bound, and not held to a form again', async (_how, wrong) => {
    const model = openAi();
    const { answer, run } = await asking(model, onlyHeld(wrong), { timeoutMs: 20_000 });
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(run).toMatchObject({ by: 'model', fallbackReason: null, questions: 2 });
    expect(held()).toEqual([true, false]);
    await asking(model, deciding('ignore'));
    expect(held()).toEqual([false]);
  });

  test('and leaves an invalid answer in words unrepaired where the bound is reached', async () => {
    const { answer, run } = await asking(openAi(), ({ form }) => (form === null ? 'prose' : 400));
    expect(answer).toBeNull();
    expect(run).toMatchObject({ by: 'playbook', questions: 2 });
    expect(run.fallbackReason).toMatch(/no JSON object/);
  });

  test('and falls silent in its stream is given up in time, and asked in words by the retry', async () => {
    const model = openAi();
    const silent = onlyHeld({ text, fault: 'falls silent' });
    expect((await asking(model, silent, { timeoutMs: 300 })).run).toMatchObject({
      by: 'playbook',
      questions: 1,
      fallbackReason: expect.stringContaining('no answer within 300 ms') as unknown,
    });
    const { answer, run } = await asking(model, silent, { timeoutMs: 300, retries: 1 });
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(run.questions).toBe(2);
    await asking(model, deciding('ignore'));
    expect(held()).toEqual([false]);
  });
});

test.each<[string, number | null]>([
  ['is down', 503],
  ['limits its rate', 429],
  ['does not answer', null],
])('a server that %s is no server that refuses a form', async (_how, wrong) => {
  const model = openAi();
  const { run } = await asking(model, () => wrong, { timeoutMs: 200, retries: 1 });
  expect(run).toMatchObject({ by: 'playbook', questions: 2 });
  await asking(model, deciding('ignore'));
  expect(held()).toEqual([true]);
});

test('a server that refuses the request, whatever its form, gets a form the next time', async () => {
  const model = openAi();
  const { run } = await asking(model, () => 400);
  expect(run).toMatchObject({ by: 'playbook', questions: 2 });
  await asking(model, deciding('ignore'));
  expect(held()).toEqual([true]);
});

test('a refused form takes no retry away', async () => {
  const answers = [400, 503, raceAnswer('escalate')];
  const { answer } = await asking(openAi(), () => answers.shift() ?? 500, { retries: 1 });
  expect(answer).toMatchObject({ decision: 'escalate' });
});

test('what a server refuses is remembered for this server and model, and for an hour', async () => {
  const refused = await startScriptedModel(onlyHeld(400));
  const [elsewhere, other] = [{ configuration: { baseURL: refused.url } }, { model: 'another' }];
  try {
    await asking(openAi({ model: 'one', ...elsewhere }), deciding('ignore'));
    expect(refused.asked.map(({ form }) => form !== null)).toEqual([true, false]);
    await asking(openAi({ ...other, ...elsewhere }), deciding('ignore'));
    expect(refused.asked.map(({ form }) => form !== null)).toEqual([true, false, true, false]);
    await asking(openAi({ model: 'one' }), deciding('ignore'));
    expect(held()).toEqual([true]);

    const later = performance.now() + 61 * 60 * 1000;
    jest.spyOn(performance, 'now').mockReturnValue(later);
    await asking(openAi({ model: 'one', ...elsewhere }), deciding('ignore'));
    expect(refused.asked.map(({ form }) => form !== null).slice(4)).toEqual([true, false]);
  } finally {
    jest.restoreAllMocks();
    await refused.close();
  }
});

test.each<[string, number]>([
  ['no retry', 0],
  ['one retry', 1],
  ['three retries', 3],
])('the bound of requests holds with %s, whatever the server answers', async (_how, retries) => {
  const wrongs: ReturnType<Script>[] = [400, 503, 'prose', { text: '{"a', fault: 'breaks off' }, 422];
  for (let first = 0; first < wrongs.length; first++) {
    let count = first;
    const { answer, run } = await asking(openAi(), () => wrongs[count++ % wrongs.length] ?? 500, { retries });
    expect(answer).toBeNull();
    expect(run.questions).toBe(server.asked.length);
  }
});

describe('a model is asked in words', () => {
  test.each([
    ['JSON', 'json_object'],
    ['text', 'text'],
  ])('whose user chose %s', async (_what, type) => {
    await asking(openAi({ modelKwargs: { response_format: { type } } }), deciding('ignore'));
    expect(server.asked).toMatchObject([{ streamed: false, form: { type } }]);
  });

  test('whose user chose a grammar', async () => {
    await asking(openAi({ modelKwargs: { grammar: 'root ::= "{}"' } }), deciding('ignore'));
    expect(server.asked).toMatchObject([{ streamed: false, form: null }]);
  });

  test('that may not stream', async () => {
    await asking(openAi({ disableStreaming: true }), deciding('ignore'));
    expect(server.asked).toMatchObject([{ streamed: false, form: null }]);
  });

  test.each<[string, object]>([
    ["OpenAI's responses", { _llmType: () => 'openai', useResponsesApi: true }],
    ["a model that LangChain asks by OpenAI's responses", { _llmType: () => 'openai', _useResponsesApi: () => true }],
    ['Anthropic', { _llmType: () => 'anthropic' }],
    ['no type', {}],
    ['a type of its own', { _llmType: () => 'constructor' }],
    ['Ollama, whose user chose JSON', { _llmType: () => 'ollama', format: 'json' }],
  ])('of %s', async (_what, shape) => {
    const model = {
      ...shape,
      invoke: () => Promise.resolve({ content: raceAnswer('ignore') }),
      stream: () => Promise.reject(new Error('streamed')),
    };
    const { answer, run } = await asking(model, () => 500);
    expect(answer).toMatchObject({ decision: 'ignore' });
    expect(run.questions).toBe(1);
  });
});

describe("a model of Ollama's", () => {
  const ollama = (stream: NonNullable<ChatModel['stream']>): ChatModel & { baseUrl: string } => ({
    _llmType: () => 'ollama',
    model: `ollama-${(models += 1)}`,
    baseUrl: 'http://127.0.0.1:11434',
    invoke: () => Promise.resolve({ content: raceAnswer('escalate'), response_metadata: { done_reason: 'stop' } }),
    stream,
  });
  const chunks = async function* (text: string, end: object) {
    for (const content of text.match(/[^]{1,20}/gu) ?? []) yield { content };
    await Promise.resolve();
    yield { content: '', usage_metadata: { input_tokens: 7, output_tokens: 9 }, response_metadata: end };
  };

  test('gets the form as Ollama takes it', async () => {
    const formats: unknown[] = [];
    const model = ollama((_messages, options) => {
      formats.push((options as { format?: unknown }).format);
      return Promise.resolve(chunks(raceAnswer('ignore'), { done_reason: 'stop' }));
    });
    const { answer, run } = await asking(model, () => 500);
    expect(answer).toMatchObject({ decision: 'ignore' });
    expect(run).toMatchObject({ questions: 1, tokens: { input: 7, output: 9 } });
    expect(formats).toMatchObject([{ type: 'object', additionalProperties: false }]);
  });

  test('is cut off where it says so', async () => {
    const model = ollama(() => Promise.resolve(chunks(raceAnswer('ignore'), { done_reason: 'length' })));
    const { answer, run } = await asking(model, () => 500);
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(run.questions).toBe(2);
  });

  test.each([
    ["Ollama's client", { status_code: 400 }],
    ["n8n's wrapper of LangChain's client", { httpCode: '400' }],
  ])('whose server refuses the form is asked in words: an error of %s', async (_whose, fields) => {
    const model = ollama(() => Promise.reject(Object.assign(new Error('invalid format'), fields)));
    const { answer, run } = await asking(model, () => 500);
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(run.questions).toBe(2);
  });

  test('that goes on after its time is stopped, though it does not listen', async () => {
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const slow = async function* () {
      try {
        for (;;) {
          yield { content: '' };
          await pause(20);
        }
      } finally {
        stop();
      }
    };
    const { run } = await asking(
      ollama(() => Promise.resolve(slow())),
      () => 500,
      { timeoutMs: 100 },
    );
    expect(run.fallbackReason).toMatch(/no answer within 100 ms/);
    await stopped;
  });

  test('that never ends is stopped, though it does not listen', async () => {
    let characters = 0;
    let stopped = false;
    const endless = async function* () {
      try {
        for (;;) {
          yield { content: '', additional_kwargs: { reasoning_content: ' '.repeat(100_000) } };
          await new Promise(setImmediate);
          characters += 100_000;
        }
      } finally {
        stopped = true;
      }
    };
    const { answer } = await asking(
      ollama(() => Promise.resolve(endless())),
      () => 500,
    );
    expect(answer).toMatchObject({ decision: 'escalate' });
    expect(stopped).toBe(true);
    expect(characters).toBeLessThan(10_000_000);
  });
});

test.each<[string, ReturnType<Script>, string]>([
  ['is valid', raceAnswer('ignore'), 'ended'],
  ['breaks off', { text: '{"decision"', fault: 'breaks off' }, 'failed'],
  ['falls silent', { text: '{"decision"', fault: 'falls silent' }, 'failed'],
])(
  "n8n's own log of the model, a callback of LangChain's, gets the end of a stream that %s",
  async (_how, wrong, end) => {
    const ended = new Promise<string>((resolve) => {
      const callback = BaseCallbackHandler.fromMethods({
        handleLLMEnd: () => {
          resolve('ended');
        },
        handleLLMError: () => {
          resolve('failed');
        },
      });
      void asking(openAi({ callbacks: [callback] }), onlyHeld(wrong), { timeoutMs: 1000 });
    });
    expect(await ended).toBe(end);
  },
);

describe('formOf()', () => {
  test.each<[string, z.ZodType]>([
    ['analysis', rosesAnswerSchema],
    ['proposal', proposalSchema],
  ])("the form of the %s keeps to what OpenAI's strict form takes", (_what, schema) => {
    const form = formOf(schema);
    expect(form).toMatchObject({ type: 'object', additionalProperties: false });
    expect(form.required).toEqual(Object.keys(Object(form.properties) as object));
    expect(JSON.stringify(form)).not.toMatch(
      /"(?:\$schema|m(?:in|ax)[A-Z]\w*|minimum|maximum|default|pattern|format)"/,
    );
  });

  test('keeps what the decision may be', () => {
    expect(formOf(proposalSchema).properties).toMatchObject({
      decision: { type: 'string', enum: [...DECISIONS] },
      confidence: { type: 'number' },
    });
  });

  test("keeps a property that has a keyword's name", () => {
    const form = formOf(
      z.strictObject({ pattern: z.string().max(3), list: z.array(z.strictObject({ $schema: z.string() })) }),
    );
    expect(form).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['pattern', 'list'],
      properties: {
        pattern: { type: 'string' },
        list: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['$schema'],
            properties: { $schema: { type: 'string' } },
          },
        },
      },
    });
  });

  test('refuses a key that may be absent, since a strict form would make the model invent it', () => {
    expect(() => formOf(z.strictObject({ more: z.string().optional() }))).toThrow('may not be optional: more');
  });
});
