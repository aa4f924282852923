import { parse } from '../../cluster/shared/commandLine.js';
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
  model: {
    type: 'string',
    default: 'none',
    value: 'NAME',
    about: "none (the playbook), obey (the worst model, npm run eval only), or a model's name at --url",
  },
  url: { type: 'string', value: 'URL', about: 'the base URL of an OpenAI-compatible server (.../v1)' },
  'key-from': { type: 'string', value: 'VARIABLE', about: 'the environment variable that holds the API key' },
  'no-structure': { type: 'boolean', default: false, about: 'ask in words alone, without the JSON form of the answer' },
  'timeout-seconds': { type: 'string', default: '120', about: 'how long one reply may take' },
  prices: { type: 'string', value: 'FILE', about: 'JSON with US dollars for a million tokens of each model' },
} as const;

const EVAL = {
  command: 'npm run eval',
  about: 'Decides on labelled cases and compares the decisions with what is right (docs/evaluation.md).',
  options: {
    ...MODEL_ARGUMENTS,
    cases: { type: 'string', value: 'FOLDER', about: 'the cases (eval/cases)' },
    split: { type: 'string', default: 'all', value: 'SPLIT', about: `one of ${SPLITS.join(', ')}` },
    only: { type: 'string', default: '', value: 'PATTERN', about: 'only cases whose name matches' },
    parallel: { type: 'string', default: '4', about: 'how many cases at a time' },
    repeats: { type: 'string', default: '1', about: 'how often each case' },
    out: { type: 'string', value: 'FOLDER', about: 'where the results go (.eval/runs/MODEL)' },
    compare: { type: 'string', value: 'FOLDER', about: 'the results of an earlier run' },
  },
} as const;

/**
 * Reads the command line of `npm run eval`.
 * @throws Error that says which option is wrong
 */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parse(EVAL, args);
  const split = SPLITS.find((name) => name === values.split);
  if (split === undefined) throw new Error(`--split must be one of ${SPLITS.join(', ')}.`);
  return {
    ...modelOptions(values, environment),
    cases: values.cases ?? CASES,
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

const REPLAY = {
  command: 'npm run replay',
  about: 'Decides again on alerts that Loki, Falco or n8n recorded, without acting (docs/evaluation.md).',
  options: {
    ...MODEL_ARGUMENTS,
    golden: { type: 'string', value: 'FILE', about: 'write the decisions to it, or compare with those in it' },
  },
  others: 'FILE...',
} as const;

/**
 * Reads the command line of `npm run replay`.
 * @throws Error that says which option is wrong
 */
export function readReplayOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ReplayOptions {
  const { values, positionals } = parse(REPLAY, args);
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
