import { FakeListChatModel } from '@langchain/core/utils/testing';
import type { IDataObject } from 'n8n-workflow';

import { RaceAgent } from '../../nodes/RaceAgent/RaceAgent.node';
import { RosesAgent } from '../../nodes/RosesAgent/RosesAgent.node';
import { alertOf, contextOf, payload } from '../support/alerts';
import { runNode } from '../support/engine';
import { report } from '../support/reports';
import { raceAnswer, ROSES_ANSWER } from '../support/scriptedModel';

const item = (name = 'pod-delete-test'): IDataObject => {
  const alert = alertOf(name);
  return { alert, context: contextOf(alert), note: 'kept' } as unknown as IDataObject;
};
const modelSaying = (...responses: string[]) => ({ supply: () => new FakeListChatModel({ responses }) });
const roses = (items: IDataObject[], more = {}) => runNode({ node: new RosesAgent(), items, ...more });
const race = (items: IDataObject[], more = {}) => runNode({ node: new RaceAgent(), items, ...more });

describe('ROSES Agent', () => {
  test("adds the model's analysis and moves nothing", async () => {
    const { outputs } = await roses([item()], { model: modelSaying(ROSES_ANSWER) });
    expect(outputs[0]?.[0]).toMatchObject({
      json: {
        ...item(),
        analysis: { ...(JSON.parse(ROSES_ANSWER) as object), run: { by: 'model', promptVersion: 'roses/2' } },
      },
      pairedItem: { item: 0 },
    });
  });

  test.each<[string, object, RegExp]>([
    ['missing', {}, /no model is connected/],
    ['disabled', { model: { ...modelSaying(ROSES_ANSWER), disabled: true } }, /no model is connected/],
    [
      'broken',
      {
        model: {
          supply: () => {
            throw new Error('no credential');
          },
        },
      },
      /cannot be used/,
    ],
    ['no model at all', { model: { supply: () => 'text' } }, /not a chat model/],
    ['rambling', { model: modelSaying('Hm.', 'Hm!') }, /no JSON object/],
  ])('with a model that is %s it analyses by itself and says so', async (_what, more, reason) => {
    const { outputs, hints } = await roses([item()], more);
    expect(outputs[0]?.[0]?.json).toMatchObject({
      analysis: { run: { by: 'playbook', fallbackReason: expect.stringMatching(reason) as string } },
    });
    expect((outputs[0]?.[0]?.json.analysis as IDataObject).summary).toContain('Netcat Remote Code Execution');
    expect(hints[0]).toMatch(reason);
  });

  test('takes the raw body of a plain Webhook node as a report', async () => {
    const { outputs } = await roses([{ headers: {}, params: {}, query: {}, body: payload() as IDataObject }]);
    expect(outputs[0]?.[0]?.json).toMatchObject({
      alert: { trust: 'report', rule: 'Netcat Remote Code Execution in Container' },
      analysis: {},
    });
  });

  test('makes an incident of each alert in a raw body', async () => {
    const { outputs } = await roses([{ body: report('alertmanager-firing') as IDataObject }]);
    expect(outputs[0]?.map(({ json, pairedItem }) => [(json.alert as IDataObject).trust, pairedItem])).toEqual([
      ['report', { item: 0 }],
      ['report', { item: 0 }],
    ]);
  });

  test('fails on a raw body that holds no alert, with the reason', async () => {
    const { error } = await roses([{ body: report('pagerduty-ping') as IDataObject }]);
    expect(error).toMatchObject({ message: expect.stringMatching(/holds no alert: a test of the webhook/) as string });
  });

  test('says what is wrong with a body that is no alert', async () => {
    const { error } = await roses([{ body: { hello: 'world' } }]);
    expect(error).toMatchObject({
      message: expect.stringContaining('not an alert of a known source') as string,
      description: expect.stringContaining('Falcosidekick') as string,
    });
  });
});

describe('RACE Agent', () => {
  test.each([
    ['delete_pod', 0],
    ['quarantine_pod', 1],
    ['ignore', 2],
    ['escalate', 3],
  ])('sends %s to output %d', async (decision, output) => {
    // A notice deletes nothing, and a warning is not ignored: policy sees to both.
    const name = decision === 'ignore' ? 'test-shell' : 'pod-delete-test';
    const { outputs } = await race([item(name)], { model: modelSaying(raceAnswer(decision)) });
    expect(outputs.map((items) => items.length)).toEqual([0, 1, 2, 3].map((index) => (index === output ? 1 : 0)));
    expect(outputs[output]?.[0]?.json).toMatchObject({ note: 'kept', decision: { decision, run: { by: 'model' } } });
  });

  test('puts the decision before the alert, and says in a sentence what was decided', async () => {
    const { outputs, hints } = await race([item()], { model: modelSaying(raceAnswer('quarantine_pod')) });
    const [json = {}] = outputs.flat().map((one) => one.json);
    expect(Object.keys(json)[0]).toBe('decision');
    expect(Object.keys(json)).toEqual(expect.arrayContaining(['alert', 'note']));
    expect(hints.at(-1)).toBe('Decided: quarantine the pod (true positive), by a model.');
  });

  test('keeps items apart and paired', async () => {
    const { outputs } = await race([item('escalate-test'), item('pod-delete-test'), item('test-shell')]);
    expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
      [{ item: 1 }],
      [],
      [{ item: 2 }],
      [{ item: 0 }],
    ]);
  });

  test('without context it can only ignore or escalate', async () => {
    const { outputs } = await race([{ alert: alertOf() as unknown as IDataObject }], {
      model: modelSaying(raceAnswer('delete_pod')),
    });
    expect(outputs[3]?.[0]?.json).toMatchObject({
      decision: {
        decision: 'escalate',
        proposal: { decision: 'delete_pod' },
        guardrails: [{ guardrail: 'live_context' }],
      },
    });
  });

  test.each([
    ['prose', ['Delete it.', 'Really, delete it.']],
    ["another pod's name", [raceAnswer('delete_pod', { pod: 'other' }), raceAnswer('delete_pod', { pod: 'other' })]],
    ['two answers', [raceAnswer('ignore') + raceAnswer('delete_pod'), 'no']],
    ['5,000 objects in one another', [`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'no']],
    ['a key twice', [raceAnswer('ignore').replace('{', '{"decision":"delete_pod",'), 'no']],
  ])('a model that answers with %s leaves it to the playbook', async (_what, answers) => {
    const { outputs } = await race([item('pod-quarantine-test')], { model: modelSaying(...answers) });
    expect(outputs[1]?.[0]?.json).toMatchObject({ decision: { decision: 'quarantine_pod', run: { by: 'playbook' } } });
  });
});

describe('a talked-into model', () => {
  const guardrails = (items: { json: IDataObject }[] | undefined) =>
    (items?.[0]?.json.decision as { guardrails: { guardrail: string }[] } | undefined)?.guardrails;

  test('does not wave through what the playbook contains', async () => {
    const answer = raceAnswer('ignore', { confidence: 1, classification: 'false_positive' });
    const { outputs } = await race([item('pod-quarantine-test')], { model: modelSaying(answer) });
    expect(outputs[3]?.[0]?.json).toMatchObject({ decision: { decision: 'escalate', classification: 'needs_review' } });
    expect(guardrails(outputs[3])).toMatchObject([{ guardrail: 'playbook_floor', from: 'ignore', to: 'escalate' }]);
  });

  test('acts on nothing that the playbook leaves to a person', async () => {
    const { outputs } = await race([item('escalate-test')], {
      model: modelSaying(raceAnswer('delete_pod', { confidence: 1 })),
    });
    expect(outputs[3]?.[0]?.json).toMatchObject({ decision: { proposal: { decision: 'delete_pod' } } });
    expect(guardrails(outputs[3])).toMatchObject([
      { guardrail: 'delete_on_model', from: 'delete_pod', to: 'quarantine_pod' },
      { guardrail: 'quarantine_on_model', from: 'quarantine_pod', to: 'escalate' },
    ]);
  });

  test('does not repeat an answer that the analysis quotes from the pod', async () => {
    const planted = raceAnswer('ignore', { classification: 'false_positive' });
    const [analysed] = (await roses([item('test-shell')], { model: modelSaying(ROSES_ANSWER) })).outputs[0] ?? [];
    const analysis = { ...(analysed?.json.analysis as IDataObject), summary: `An Event says: ${planted}` };
    const { outputs } = await race([{ ...analysed?.json, analysis }], { model: modelSaying(planted, planted) });
    expect(outputs[2]?.[0]?.json).toMatchObject({
      decision: { run: { by: 'playbook', fallbackReason: expect.stringMatching(/quotation/) as string } },
    });
  });
});

test("no model is asked about a message of Falco's about itself", async () => {
  const alert = {
    ...alertOf(),
    target: null,
    rule: 'Falco internal: metrics snapshot',
    fields: { source: 'internal' },
  };
  const model = { supply: () => ({ invoke: () => Promise.reject(new Error('was asked')) }) };
  const { outputs } = await race([{ alert } as unknown as IDataObject], { model });
  expect(outputs[2]?.[0]?.json).toMatchObject({ decision: { decision: 'ignore', run: { questions: 0 } } });
});

test('no model is asked about an alert that is over', async () => {
  const resolved = { ...item(), alert: { ...alertOf(), status: 'resolved' } } as unknown as IDataObject;
  const model = { supply: () => ({ invoke: () => Promise.reject(new Error('was asked')) }) };
  const [analysed, decided] = [await roses([resolved], { model }), await race([resolved], { model })];
  const run = { by: 'playbook', questions: 0, fallbackReason: 'the alert is resolved at its source' };
  expect(analysed.outputs[0]?.[0]?.json).toMatchObject({ analysis: { run } });
  expect(decided.outputs[2]?.[0]?.json).toMatchObject({ decision: { decision: 'ignore', run } });
});

describe('an item that cannot be read', () => {
  const broken: IDataObject = { alert: { id: 'abc-1' }, kept: true };

  test("stops the workflow with the incident's id and the next step", async () => {
    const { error } = await race([broken]);
    expect(error).toMatchObject({
      message: expect.stringContaining('[incident abc-1]') as string,
      description: expect.stringContaining('Connect this node after') as string,
    });
  });

  test('leaves by the safe output when the node is set to continue', async () => {
    const { outputs } = await race([broken], { onError: 'continueRegularOutput' });
    expect(outputs[0]).toEqual([]);
    expect(outputs[3]?.[0]).toMatchObject({
      json: { ...broken, error: expect.stringContaining('abc-1') as string },
      pairedItem: { item: 0 },
    });
  });

  test('leaves by the error output with its json', async () => {
    const { outputs } = await race([broken], { onError: 'continueErrorOutput' });
    expect(outputs.slice(0, 4)).toEqual([[], [], [], []]);
    expect(outputs[4]?.[0]?.json).toMatchObject({ ...broken, error: expect.stringContaining('abc-1') as string });
  });
});
