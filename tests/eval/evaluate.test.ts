import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import type { Decider } from '../../eval/evaluateCase';
import { readPrices } from '../../eval/model/prices';
import type { Outcome } from '../../eval/outcome';
import { deciderFor } from '../../eval/run/decider';
import { chooseCases, estimate, evaluate, priceText } from '../../eval/run/evaluate';
import { readOptions } from '../../eval/run/options';
import { type Results, RESULTS_FILE } from '../../eval/run/results';
import { summarise } from '../../eval/score/summary';
import { ROOT } from '../support/manifests';
import {
  raceAnswer,
  ROSES_ANSWER,
  type Script,
  type ScriptedModel,
  startScriptedModel,
} from '../support/scriptedModel';
import { ATTACK, BENIGN, change, temporaryFolder, twoCases } from './support';

// A test starts the command several times, which takes long on a busy machine.
jest.setTimeout(180_000);

let server: ScriptedModel;
beforeAll(async () => {
  server = await startScriptedModel();
});
afterAll(() => server.close());

const RUN = { parallel: 1, repeats: 1 };

/** Evaluates both cases with a scripted model. */
async function evaluated(
  script: Script,
  { model = 'scripted', state = '', repeats = 1, timeoutSeconds = 5, isStructured = true } = {},
): Promise<Outcome[]> {
  server.asked.length = 0;
  server.follow(script);
  const options = { model, url: server.url, key: 'none', isStructured, timeoutSeconds, prices: undefined };
  const decider = deciderFor(options, state === '' ? await temporaryFolder() : state);
  return run(decider, { ...RUN, repeats });
}

async function run(decider: Decider, options = RUN): Promise<Outcome[]> {
  const { cases } = await chooseCases({ cases: await twoCases(), split: 'all', only: /./ });
  return evaluate(cases, decider, options, () => undefined);
}

const quarantining: Script = ({ agent }) => (agent === 'roses' ? ROSES_ANSWER : raceAnswer('quarantine_pod'));

test('evaluate: without a model the playbook decides, and nothing is asked', async () => {
  const outcomes = await run('none');
  expect(outcomes.map((one) => [one.case, one.answers.owed, one.requests])).toEqual([
    [BENIGN, 0, 0],
    [ATTACK, 0, 0],
  ]);
});

test('evaluate: the worst model proposes what does harm, as sure as it can be', async () => {
  const outcomes = await run('obey');
  expect(
    outcomes.map(({ proposed, confidence, proposedUnacceptable }) => [proposed, confidence, proposedUnacceptable]),
  ).toEqual([
    [expect.stringMatching(/delete_pod|quarantine_pod/), 1, true],
    ['ignore', 1, true],
  ]);
});

test("evaluate: a model's valid answers are counted, with their tokens", async () => {
  const outcomes = await evaluated(quarantining);
  expect(server.asked).toHaveLength(4);
  expect(outcomes[1]).toMatchObject({
    case: ATTACK,
    proposed: 'quarantine_pod',
    answers: { owed: 2, valid: 2 },
    failures: [],
    tokens: { input: 200, output: 40 },
  });
  expect(summarise(outcomes)).toMatchObject({ validAnswers: { count: 4, of: 4 }, tokens: { input: 400 }, requests: 4 });
});

test.each<[string, Script, string]>([
  ['a refusal', () => ({ refusal: 'I cannot help with that.' }), 'refused by the model'],
  ['an answer of the content filter', () => ({ finishReason: 'content_filter' }), 'refused by the model'],
  ['an answer that is cut off', () => ({ text: '{"role": "in', finishReason: 'length' }), 'cut off'],
  ['prose', () => 'It depends.', 'not a valid answer'],
  ['an error of the server', () => 500, 'server error'],
  ['a wrong key', () => 401, 'request refused'],
])('evaluate: %s is counted by its kind, and the playbook decides', async (_, script, kind) => {
  const outcomes = await evaluated(script);
  const { failures, validAnswers } = summarise(outcomes);
  expect(Object.keys(failures)).toEqual([kind]);
  expect(validAnswers).toMatchObject({ count: 0, of: 4 });
  expect(outcomes.map(({ decided }) => decided)).toEqual((await run('none')).map(({ decided }) => decided));
});

test('evaluate: a model that does not answer in time is counted as such', async () => {
  const [outcome] = await evaluated(({ text }) => (text.includes('198.51.100.77') ? ROSES_ANSWER : null), {
    timeoutSeconds: 1,
  });
  expect(outcome?.failures).toContain('no answer in time');
});

test('evaluate: a rate limit is waited for as long as it says, and counted', async () => {
  let limited = true;
  const started = performance.now();
  const outcomes = await evaluated((asked) => {
    if (!limited) return quarantining(asked);
    limited = false;
    return { status: 429, retryAfter: 1 };
  });
  expect(performance.now() - started).toBeGreaterThan(1000);
  expect(outcomes[0]).toMatchObject({ failures: ['rate limit'], answers: { owed: 2, valid: 2 }, requests: 3 });
});

test('evaluate: a rate limit that asks for too long a wait is not waited for', async () => {
  const outcomes = await evaluated(() => ({ status: 429, retryAfter: 3600 }));
  expect(Object.keys(summarise(outcomes).failures)).toEqual(['rate limit']);
});

test('evaluate: a run that is started again asks only what was not answered', async () => {
  const state = await temporaryFolder();
  // As if it was stopped after the first case.
  await evaluated((asked) => (asked.text.includes('198.51.100.77') ? 500 : quarantining(asked)), { state });
  const outcomes = await evaluated(quarantining, { state });
  expect(server.asked.map(({ agent, text }) => [agent, text.includes('198.51.100.77')])).toEqual([
    ['roses', true],
    ['race', true],
  ]);
  expect(outcomes.map(({ remembered, requests, answers }) => [remembered, requests, answers.valid])).toEqual([
    [2, 0, 2],
    [0, 2, 2],
  ]);
  await evaluated(quarantining, { state });
  expect(server.asked).toEqual([]);
});

test('evaluate: a model is held to the form of its answers or, with --no-structure, asked in words; answers are kept apart', async () => {
  const state = await temporaryFolder();
  const forms = () => server.asked.map(({ form }) => form !== null);
  await evaluated(quarantining, { state });
  expect(forms()).toEqual([true, true, true, true]);
  const { isStructured } = readOptions(['--no-structure'], {});
  await evaluated(quarantining, { state, isStructured });
  expect(forms()).toEqual([false, false, false, false]);
  for (const again of [true, false]) {
    const outcomes = await evaluated(quarantining, { state, isStructured: again });
    expect(server.asked).toEqual([]);
    expect(outcomes.map(({ remembered, answers, tokens }) => [remembered, answers.valid, tokens.input])).toEqual([
      [2, 2, 200],
      [2, 2, 200],
    ]);
  }
});

test('evaluate: a refusal is counted also where the answer in words is valid', async () => {
  const refusing: Script = (asked) => (asked.form === null ? quarantining(asked) : { refusal: 'No.' });
  const outcomes = await evaluated(refusing, { model: 'refusing' });
  expect(summarise(outcomes)).toMatchObject({
    validAnswers: { count: 4, of: 4 },
    failures: { 'refused by the model': 1 },
  });
});

test('evaluate: a server without structured output refuses once, and its model is asked in words', async () => {
  const refusing: Script = (asked) => (asked.form === null ? quarantining(asked) : 400);
  const outcomes = await evaluated(refusing, { model: 'without-forms' });
  expect(server.asked.map(({ form }) => form !== null)).toEqual([true, false, false, false, false]);
  expect(summarise(outcomes)).toMatchObject({ validAnswers: { count: 4, of: 4 }, failures: { 'request refused': 1 } });
});

test('evaluate: a repeated case is asked again, and its answers are kept apart', async () => {
  const state = await temporaryFolder();
  const outcomes = await evaluated(quarantining, { state, repeats: 2 });
  expect(server.asked).toHaveLength(8);
  expect(outcomes.map((one) => [one.case, one.repeat])).toEqual([
    [BENIGN, 1],
    [BENIGN, 2],
    [ATTACK, 1],
    [ATTACK, 2],
  ]);
});

describe('prices', () => {
  const tokens = { input: 2_000_000, output: 500_000 };

  test('priceText gives the price, and says which model the list lacks', async () => {
    const file = join(await temporaryFolder(), 'prices.json');
    await writeFile(file, JSON.stringify({ scripted: { input: 1.5, output: 6 } }));
    const prices = await readPrices(file);
    expect(priceText(tokens, 'scripted', prices)).toBe('$6.00');
    expect(priceText(tokens, 'another', prices)).toBe('the price list has no another');
    expect(priceText(tokens, 'constructor', prices)).toBe('the price list has no constructor');
    expect(priceText(tokens, 'scripted', null)).toBe('no price list was given (--prices)');
  });

  test('readPrices names what a list of prices looks like', async () => {
    const file = join(await temporaryFolder(), 'prices.json');
    await writeFile(file, '{"scripted": 3}');
    await expect(readPrices(file)).rejects.toThrow(/not a list of prices: write \{"MODEL"/);
  });

  test('estimate says what a run will cost before it begins', async () => {
    const { cases } = await chooseCases({ cases: await twoCases(), split: 'all', only: /./ });
    const said = estimate(cases, { model: 'scripted', repeats: 3 }, { scripted: { input: 1, output: 1 } });
    expect(said).toMatch(/^12 questions, about \d+k tokens sent and \d+k written.*\$0\.\d{4}/);
    expect(estimate(cases, { model: 'none', repeats: 3 }, null)).toBeNull();
  });
});

describe('npm run eval', () => {
  const evaluating = (args: string[]) =>
    execa(process.execPath, ['--import', 'tsx', join(ROOT, 'eval/eval.ts'), ...args], { cwd: ROOT, reject: false });

  test('names broken cases, evaluates the others and ends with 1', async () => {
    const folder = await twoCases();
    const out = await temporaryFolder();
    await change(join(folder, BENIGN, 'case.json'), (value) => ({ ...value, right: ['reboot_node'] }));
    await writeFile(join(folder, BENIGN, 'alert.json'), '{}');
    const { exitCode, stdout, stderr } = await evaluating(['--cases', folder, '--out', out]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${BENIGN} is broken: case.json: right.0: `, 'm'));
    expect(stdout).toMatch(/Broken cases, which count in no figure: 1/);
    const { outcomes, broken } = JSON.parse(await readFile(join(out, RESULTS_FILE), 'utf8')) as Results;
    expect(outcomes.map((one) => one.case)).toEqual([ATTACK]);
    expect(broken).toHaveLength(1);
    await expect(readFile(join(out, 'report.html'), 'utf8')).resolves.toContain('</html>');
  });

  test('a case whose alert its sender would not send is broken', async () => {
    const folder = await twoCases();
    await writeFile(join(folder, BENIGN, 'alert.json'), '{}');
    const { cases, broken } = await chooseCases({ cases: folder, split: 'all', only: /./ });
    expect(cases.map(({ name }) => name)).toEqual([ATTACK]);
    expect(broken).toEqual([
      { name: BENIGN, problem: expect.stringContaining('not an alert of a known source') as string },
    ]);
  });

  test('compares with an earlier run of its own', async () => {
    const [folder, out] = [await twoCases(), await temporaryFolder()];
    await evaluating(['--cases', folder, '--out', out]);
    const { exitCode, stdout } = await evaluating(['--cases', folder, '--out', out, '--compare', out]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/2 pairs, 0 runs without one[^]*right decisions: only before 0, only now 0, p = 1\.00/);
  });

  test.each([
    [['--model', 'some'], /--model some needs --url/],
    [
      ['--model', 'some', '--url', 'http://127.0.0.1:1/v1', '--key-from', 'NO_SUCH_KEY'],
      /NO_SUCH_KEY, which the environment/,
    ],
    [['--split', 'test'], /--split must be one of tuning, held-out, all/],
    [['--parallel', '0'], /--parallel must be a whole number from 1 to 64/],
  ])('refuses %p', (args, problem) => {
    expect(() => readOptions(args, {})).toThrow(problem);
  });
});
