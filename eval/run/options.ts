import { parseArgs } from 'node:util';

import { CASES } from '../paths.js';

export const SPLITS = ['tuning', 'held-out', 'all'] as const;

/** A model, and where it is. */
export interface ModelOptions {
  /** `none`: the playbook; `obey`: the worst model; else a model's name. */
  model: string;
  url: string;
  /** The API key, or a text that servers without keys ignore. */
  key: string;
  /** Whether the model is held to the JSON form of its answers. */
  isStructured: boolean;
  /** For one reply, seconds. */
  timeoutSeconds: number;
  prices: string | undefined;
}

export interface Options extends ModelOptions {
  cases: string;
  split: (typeof SPLITS)[number];
  only: RegExp;
  parallel: number;
  repeats: number;
  out: string | undefined;
  compare: string | undefined;
}

const MODEL_ARGUMENTS = {
  model: { type: 'string', default: 'none' },
  url: { type: 'string' },
  'key-from': { type: 'string' },
  'no-structure': { type: 'boolean', default: false },
  'timeout-seconds': { type: 'string', default: '120' },
  prices: { type: 'string' },
} as const;

/**
 * Reads the command line of `npm run eval`.
 * @throws Error that says which option is wrong
 */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...MODEL_ARGUMENTS,
      cases: { type: 'string', default: CASES },
      split: { type: 'string', default: 'all' },
      only: { type: 'string', default: '' },
      parallel: { type: 'string', default: '4' },
      repeats: { type: 'string', default: '1' },
      out: { type: 'string' },
      compare: { type: 'string' },
    },
  });
  const split = SPLITS.find((name) => name === values.split);
  if (split === undefined) throw new Error(`--split must be one of ${SPLITS.join(', ')}.`);
  return {
    ...modelOptions(values, environment),
    cases: values.cases,
    split,
    only: new RegExp(values.only, 'i'),
    parallel: wholeNumber('parallel', values.parallel, 64),
    repeats: wholeNumber('repeats', values.repeats, 100),
    out: values.out,
    compare: values.compare,
  };
}

export interface ReplayOptions extends ModelOptions {
  files: string[];
  golden: string | undefined;
}

/**
 * Reads the command line of `npm run replay`.
 * @throws Error that says which option is wrong
 */
export function readReplayOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ReplayOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...MODEL_ARGUMENTS, golden: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error('Name the files to replay: npm run replay -- FILE...');
  if (values.model === 'obey') throw new Error('--model obey needs labelled cases: use npm run eval.');
  return { ...modelOptions(values, environment), files: positionals, golden: values.golden };
}

type ModelValues = Record<'model' | 'timeout-seconds', string> &
  Record<'no-structure', boolean> &
  Partial<Record<'url' | 'key-from' | 'prices', string | undefined>>;

function modelOptions(values: ModelValues, environment: NodeJS.ProcessEnv): ModelOptions {
  const { model, url = '', 'key-from': keyFrom } = values;
  if (isServed(model) && !URL.canParse(url))
    throw new Error(`--model ${model} needs --url, the base URL of an OpenAI-compatible server (…/v1).`);
  const key = keyFrom === undefined ? 'none' : (environment[keyFrom] ?? '');
  if (key === '') throw new Error(`--key-from names ${keyFrom ?? ''}, which the environment does not have.`);
  const timeoutSeconds = wholeNumber('timeout-seconds', values['timeout-seconds'], 3600);
  return { model, url, key, isStructured: !values['no-structure'], timeoutSeconds, prices: values.prices };
}

/** Whether a server has to be asked. */
export function isServed(model: string): boolean {
  return model !== 'none' && model !== 'obey';
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} must be a whole number from 1 to ${most}.`);
}
