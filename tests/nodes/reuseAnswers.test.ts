import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import type { Alert } from '../../core/incident/alert';
import type { FoundContext } from '../../core/incident/context';
import { RaceAgent } from '../../nodes/RaceAgent/RaceAgent.node';
import { RosesAgent } from '../../nodes/RosesAgent/RosesAgent.node';
import { runNode } from '../support/engine';
import { raceAnswer, ROSES_ANSWER } from '../support/scriptedModel';
import { FIRST, occurrence, SECOND } from '../support/situations';

/** A model that counts its requests. */
function countingModel(decision: string, name: string | undefined = 'counting-1') {
  const asked: ('roses' | 'race')[] = [];
  const invoke = (messages: [string, string][]) => {
    const agent = messages[0]?.[1].includes('incident analyst') === true ? 'roses' : 'race';
    asked.push(agent);
    return Promise.resolve({ content: agent === 'roses' ? ROSES_ANSWER : raceAnswer(decision) });
  };
  return { asked, supply: () => ({ model: name, invoke }) };
}

interface Passed {
  analysis: { run: object };
  decision: { decision: string; guardrails: { guardrail: string }[]; run: object };
}

/** What both agents make of an alert. */
async function pass(
  { alert, context }: { alert: Alert; context: FoundContext },
  model: ReturnType<typeof countingModel>,
  parameters: IDataObject = { reuseAnswers: true },
): Promise<Passed & { asked: string[]; hints: string[] }> {
  const before = model.asked.length;
  const items = [{ alert, context } as unknown as IDataObject];
  const analysed = await runNode({ node: new RosesAgent(), items, model, parameters });
  const decided = await runNode({
    node: new RaceAgent(),
    items: (analysed.outputs[0] ?? []).map(({ json }) => json),
    model,
    parameters,
  });
  const [item] = decided.outputs.flat();
  return {
    ...(item?.json as unknown as Passed),
    asked: model.asked.slice(before),
    hints: [...analysed.hints, ...decided.hints],
  };
}

/** A situation of this test alone, which policy leaves to the model: what is kept is kept for the whole process. */
function situation(name = 'test-shell') {
  const uid = randomUUID();
  return (
    which = FIRST,
    fields: Record<string, string> = {},
    change: (context: FoundContext) => FoundContext = same,
  ) => {
    const { alert, context } = occurrence(which, name);
    const { late: _, ...inTime } = alert;
    const withoutConnection = Object.fromEntries(
      Object.entries(alert.fields).filter(([field]) => !field.startsWith('fd.')),
    );
    const { pod, workload, facts } = context;
    if (pod.owner === null || workload === null || facts === undefined) throw new Error('the sample has all of it');
    return {
      alert: { ...inTime, fields: { ...withoutConnection, ...fields } },
      context: change({
        ...context,
        quarantine: null,
        pod: { ...pod, bypasses: [], owner: { ...pod.owner, uid } },
        workload: { ...workload, contained: 0, containedPods: [] },
        facts: { ...facts, access: [], parentDeclared: null, history: { ...history(facts), falsePositives: 0 } },
      }),
    };
  };
}

function history({ history: known }: NonNullable<FoundContext['facts']>) {
  if (known === null) throw new Error('the sample has a history');
  return known;
}

const same = (context: FoundContext) => context;
const ASKED = ['roses', 'race'];

test('a second pod in the same situation gets the analysis and the proposal of the first, and no model is asked', async () => {
  const model = countingModel('escalate');
  const of = situation();
  const first = of();
  expect((await pass(first, model)).asked).toEqual(ASKED);
  const second = await pass(of(SECOND), model);
  expect(second.asked).toEqual([]);
  const reused = { incident: first.alert.id, at: expect.any(String) as string };
  const run = { by: 'model', model: 'counting-1', questions: 0, tokens: { input: 0, output: 0 }, reused };
  expect(second).toMatchObject({
    analysis: {
      ...(JSON.parse(ROSES_ANSWER) as object),
      run: { ...run, promptVersion: expect.stringMatching('roses') as string },
    },
    decision: {
      decision: 'escalate',
      reason: 'As scripted.',
      run: { ...run, promptVersion: expect.stringMatching('race') as string },
    },
  });
  const ofTheFirst = expect.stringContaining(`that of incident ${first.alert.id}`) as string;
  expect(second.hints.slice(0, 2)).toEqual([ofTheFirst, ofTheFirst]);
});

test.each<[string, (of: ReturnType<typeof situation>) => ReturnType<ReturnType<typeof situation>>]>([
  ['another command line', (of) => of(SECOND, { 'proc.cmdline': 'sh -c id' })],
  ['another workload', () => situation()(SECOND)],
  [
    'what a person judged since',
    (of) =>
      of(SECOND, {}, ({ facts, ...context }) => {
        if (facts === undefined) throw new Error('the sample has facts');
        return { ...context, facts: { ...facts, history: { ...history(facts), falsePositives: 1 } } };
      }),
  ],
])('the model is asked again after %s', async (_what, next) => {
  const model = countingModel('escalate');
  const of = situation();
  await pass(of(), model);
  expect((await pass(next(of), model)).asked).toEqual(ASKED);
});

test('another model is asked, and one without a name each time', async () => {
  const of = situation();
  const [one, other, nameless] = [
    countingModel('escalate'),
    countingModel('escalate', 'counting-2'),
    countingModel('escalate'),
  ];
  await pass(of(), one);
  expect((await pass(of(), other)).asked).toEqual(ASKED);
  const unnamed = { ...nameless, supply: () => ({ invoke: nameless.supply().invoke }) } as never;
  await pass(of(), unnamed);
  expect((await pass(of(), unnamed)).asked).toEqual(ASKED);
});

test('without the switch nothing is kept, and nothing that is kept is used', async () => {
  const model = countingModel('escalate');
  const of = situation();
  await pass(of(), model, {});
  expect((await pass(of(), model)).asked).toEqual(ASKED);
  expect((await pass(of(), model, {})).asked).toEqual(ASKED);
  expect((await pass(of(), model)).asked).toEqual([]);
});

test.each([
  ['a deletion, although policy lets it through,', 'delete_pod', 'pod-delete-test', 'delete_pod'],
  ['what policy lowered', 'quarantine_pod', 'escalate-test', 'escalate'],
  ['an ignore that policy does not allow a model', 'ignore', 'escalate-test', 'escalate'],
])('%s is not used again, nor is its analysis', async (_what, proposal, name, decision) => {
  const model = countingModel(proposal);
  const of = situation(name);
  expect((await pass(of(), model)).decision.decision).toBe(decision);
  expect((await pass(of(SECOND), model)).asked).toEqual(ASKED);
});

test('an ignore is used again where policy leaves it as it is', async () => {
  const model = countingModel('ignore');
  const of = situation();
  expect((await pass(of(), model)).decision).toMatchObject({ decision: 'ignore', guardrails: [] });
  expect(await pass(of(SECOND), model)).toMatchObject({ asked: [], decision: { decision: 'ignore' } });
});

test('an answer of the playbook for a model that fails is not used again', async () => {
  const model = countingModel('no_decision');
  const of = situation();
  const failed = await pass(of(), model);
  expect(failed.decision.run).toMatchObject({ by: 'playbook' });
  expect((await pass(of(SECOND), model)).asked).toEqual(['roses', 'race', 'race']);
});

test('policy judges a reused proposal again, and what it lowers then is forgotten', async () => {
  const model = countingModel('escalate');
  const of = situation();
  const ignoring = countingModel('ignore', 'counting-1');
  await pass(of(), ignoring);
  const bound = of(SECOND);
  const last: Alert = {
    ...bound.alert,
    incident: {
      name: 'incident-x',
      why: 'reopened',
      pass: 2,
      count: 2,
      repeats: 0,
      firstSeen: bound.alert.time,
      model: true,
      notify: true,
      bound: 'the last pass of the hour',
    },
  };
  const judged = await pass({ ...bound, alert: last }, model);
  expect(judged).toMatchObject({
    asked: [],
    decision: { decision: 'escalate', guardrails: [{ guardrail: 'incident_bound' }] },
  });
  expect((await pass(of(), model)).asked).toEqual(ASKED);
});

test('a store that cannot be used costs a request and a warning, and fails nothing', async () => {
  const model = countingModel('escalate');
  const { alert, context } = situation()();
  const { outputs, hints, error } = await runNode({
    node: new RosesAgent(),
    items: [{ alert, context } as unknown as IDataObject],
    model,
    parameters: { reuseAnswers: true },
    credentials: {
      incidentPostgresApi: { host: '127.0.0.1', port: 9, database: 'd', user: 'u', password: 'p', tls: 'off' },
    },
  });
  expect(error).toBeUndefined();
  expect(outputs[0]?.[0]?.json).toMatchObject({ analysis: { run: { by: 'model', questions: 1 } } });
  expect(hints[0]).toContain('Answers of the model are not reused');
});
