/**
 * Evaluates decisions on the labelled cases of eval/cases: with the playbook, the worst model or any OpenAI-compatible one
 * (docs/evaluation.md). Prints a table, and writes results.json and report.html.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readCommandLine } from '../cluster/shared/commandLine.js';
import { messageOf } from '../core/errors.js';
import { visible } from '../core/text/sanitize.js';
import { readPrices } from './model/prices.js';
import { STATE } from './paths.js';
import { pageReport } from './report/page.js';
import { textReport } from './report/text.js';
import { deciderFor } from './run/decider.js';
import { chooseCases, estimate, evaluate, priceText } from './run/evaluate.js';
import { type Options, readOptions } from './run/options.js';
import { progress, sayHowToResume } from './run/progress.js';
import { PROMPTS, readResults, type Results, RESULTS_FILE } from './run/results.js';
import { compare } from './score/compare.js';
import { summarise } from './score/summary.js';

async function main(options: Options): Promise<void> {
  const { model, split, only, repeats } = options;
  const prices = options.prices === undefined ? null : await readPrices(options.prices);
  const before = options.compare === undefined ? null : await readResults(options.compare);
  const { cases, broken } = await chooseCases(options);
  for (const { name, problem } of broken) console.error(visible(`${name} is broken: ${problem}`, 400));
  if (broken.length > 0) process.exitCode = 1;

  const cost = estimate(cases, options, prices);
  if (cost !== null) console.error(cost);
  sayHowToResume(cost !== null);
  const outcomes = await evaluate(cases, deciderFor(options, STATE), options, progress());

  const summary = summarise(outcomes);
  const results: Results = {
    about: {
      model,
      split,
      only: only.source,
      repeats,
      prompts: PROMPTS,
      finishedAt: new Date().toISOString(),
      price: cost === null ? 'nothing: no model was asked' : priceText(summary.tokens, model, prices),
    },
    outcomes,
    broken,
  };
  const comparison = before === null ? null : compare(before.outcomes, outcomes);
  const out = options.out ?? join(STATE, 'runs', model.replaceAll(/[^\w.-]+/g, '-'));
  await mkdir(out, { recursive: true });
  await writeFile(join(out, RESULTS_FILE), JSON.stringify({ ...results, summary, comparison }, null, 1));
  await writeFile(join(out, 'report.html'), pageReport(results, summary, cases, comparison));
  console.log(textReport(results, summary, comparison));
  console.log(`\nWritten: ${join(out, RESULTS_FILE)} and report.html`);
}

const options = readCommandLine((args) => readOptions(args, process.env));
try {
  await main(options);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
