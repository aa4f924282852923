import { numberOf, parse } from '../../cluster/shared/commandLine.js';

export interface Options {
  /** Alerts of each peer without a model that is waited for, one at a time. */
  alerts: number;
  /** The same where the pipeline asks a model, too, and where the model takes its time. */
  modelAlerts: number;
  slowAlerts: number;
  /** Alerts of each peer before the first that counts: n8n loads and compiles for them. */
  warmUp: number;
  /** How long the slow model takes for a reply, in seconds. */
  modelSeconds: number;
  /** Alerts that are posted at the same time, and how often without a slow model. */
  burst: number;
  rounds: number;
  /** Alerts of the repetitive stream, what they come from, and its seed. */
  stream: number;
  sources: number;
  seed: number;
  /** What is run: comparisons where the pipeline asks a model, too, and where the playbook decides; or a profile of n8n meanwhile. */
  parts: readonly Part[];
}

type Part = 'model' | 'playbook' | 'profile';
const COMPARISONS: readonly Part[] = ['model', 'playbook'];

type Sizes = Omit<Options, 'parts'>;

const DEFAULTS: Sizes = {
  alerts: 200,
  modelAlerts: 50,
  slowAlerts: 10,
  warmUp: 20,
  modelSeconds: 2,
  burst: 60,
  rounds: 3,
  stream: 1000,
  sources: 40,
  seed: 15,
};
const SMOKE: Sizes = {
  alerts: 2,
  modelAlerts: 1,
  slowAlerts: 1,
  warmUp: 1,
  modelSeconds: 0.1,
  burst: 3,
  rounds: 1,
  stream: 8,
  sources: 3,
  seed: 15,
};
/** As many incidents as one namespace may have before there is a storm. */
const MOST = 800;
const LIMITS: Readonly<Record<keyof Sizes, readonly [least: number, most: number]>> = {
  alerts: [1, MOST],
  modelAlerts: [1, MOST],
  slowAlerts: [1, MOST],
  warmUp: [0, MOST],
  modelSeconds: [0, 60],
  burst: [1, 400],
  rounds: [1, 20],
  stream: [1, 20_000],
  sources: [1, 400],
  seed: [0, 2 ** 32 - 1],
};
const ABOUT: Readonly<Record<keyof Sizes, string>> = {
  alerts: 'alerts without a model, one at a time',
  modelAlerts: 'the same with a model',
  slowAlerts: 'the same with a slow model',
  warmUp: 'alerts of each peer that do not count',
  modelSeconds: 'how long the slow model takes for a reply',
  burst: 'alerts at the same time',
  rounds: 'how often that is repeated',
  stream: 'alerts of the repetitive stream',
  sources: 'what they come from',
  seed: 'of that stream',
};
const NAMES = Object.keys(LIMITS) as (keyof Sizes)[];

const optionOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const PEERS = {
  command: 'npm run bench:peers',
  about: 'Measures the pipeline beside the workflow that it replaces, and beside a bare program (docs/benchmarks.md).',
  options: {
    ...Object.fromEntries(
      NAMES.map((name) => [optionOf(name), { type: 'string' as const, about: `${ABOUT[name]} (${DEFAULTS[name]})` }]),
    ),
    smoke: { type: 'boolean', default: false, about: 'a short run, whose figures say nothing' },
    only: { type: 'string', value: 'PART', about: `one of the comparisons: ${COMPARISONS.join(', ')}` },
    profile: { type: 'boolean', default: false, about: 'record what n8n does while the pipeline contains alerts' },
  },
} as const;

/**
 * Reads the command line.
 * @throws Error if a value is not a number within its limits
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(PEERS, args);
  const texts = values as Readonly<Record<string, string | boolean | undefined>>;
  const sizes = { ...(texts.smoke === true ? SMOKE : DEFAULTS) };
  for (const name of NAMES) {
    const text = texts[optionOf(name)];
    if (text === undefined) continue;
    sizes[name] = numberOf(optionOf(name), String(text), ...LIMITS[name]);
  }
  return { ...sizes, parts: texts.profile === true ? ['profile'] : partsOf(texts.only) };
}

function partsOf(only: string | boolean | undefined): readonly Part[] {
  if (only === undefined) return COMPARISONS;
  const part = COMPARISONS.find((each) => each === only);
  if (part === undefined) throw new Error(`--only is one of ${COMPARISONS.join(', ')}.`);
  return [part];
}
