import { type BuiltCase, buildCase, type Decider, evaluateCase } from '../evaluateCase.js';
import { messageOf } from '../../core/errors.js';
import { estimateTokens } from '../model/estimate.js';
import { priceOf, type Prices, type Tokens } from '../model/prices.js';
import type { Outcome } from '../outcome.js';
import { type BrokenCase, readCases } from '../readCases.js';
import { defaultConfiguration } from '../world/configuration.js';
import { eachInParallel } from './eachInParallel.js';
import { isServed, type Options } from './options.js';

/** The chosen cases, and those that are none. */
export interface Chosen {
  cases: BuiltCase[];
  broken: BrokenCase[];
}

/**
 * Reads and builds the cases that the options choose.
 * @throws Error where there is none
 */
export async function chooseCases({
  cases: folder,
  split,
  only,
}: Pick<Options, 'cases' | 'split' | 'only'>): Promise<Chosen> {
  const configuration = defaultConfiguration();
  const read = await readCases(folder);
  const chosen: Chosen = { cases: [], broken: [...read.broken] };
  for (const found of read.cases) {
    if (!only.test(found.name) || (split !== 'all' && found.about.split !== split)) continue;
    try {
      chosen.cases.push(buildCase(found, configuration));
    } catch (error) {
      chosen.broken.push({ name: found.name, problem: messageOf(error) });
    }
  }
  if (chosen.cases.length === 0 && chosen.broken.length === 0)
    throw new Error(
      `No case of ${folder} is chosen: of ${read.cases.length}, none has --split ${split} and a name like --only ${only.source}.`,
    );
  return chosen;
}

/** What a run with a model will cost, in words; null where none is asked. */
export function estimate(
  cases: readonly BuiltCase[],
  { model, repeats }: Pick<Options, 'model' | 'repeats'>,
  prices: Prices | null,
): string | null {
  if (!isServed(model)) return null;
  const total: Tokens = { input: 0, output: 0 };
  for (const { alert, context } of cases) {
    const { input, output } = estimateTokens(alert, context);
    total.input += input * repeats;
    total.output += output * repeats;
  }
  const tokens = `about ${thousands(total.input)} tokens sent and ${thousands(total.output)} written, more by a model that thinks first`;
  return `${cases.length * repeats * 2} questions, ${tokens}; ${priceText(total, model, prices)}. Answers of an earlier run are not asked for again.`;
}

/** A price in words, and that there is none. */
export function priceText(tokens: Tokens, model: string, prices: Prices | null): string {
  if (prices === null) return 'no price list was given (--prices)';
  const price = priceOf(tokens, model, prices);
  return price === null ? `the price list has no ${model}` : `$${price.toFixed(price < 1 ? 4 : 2)}`;
}

function thousands(count: number): string {
  return `${Math.ceil(count / 1000)}k`;
}

/** Runs all cases, and reports how far it is. */
export async function evaluate(
  cases: readonly BuiltCase[],
  decider: Decider,
  { parallel, repeats }: Pick<Options, 'parallel' | 'repeats'>,
  onProgress: (done: number, of: number, last: Outcome) => void,
): Promise<Outcome[]> {
  const runs = cases.flatMap((one) => Array.from({ length: repeats }, (_, index) => ({ one, repeat: index + 1 })));
  let done = 0;
  return eachInParallel(runs, parallel, async ({ one, repeat }) => {
    const outcome = await evaluateCase(one, decider, repeat);
    done += 1;
    onProgress(done, runs.length, outcome);
    return outcome;
  });
}
