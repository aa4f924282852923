import { randomInt } from 'node:crypto';

import { parse } from '../../cluster/shared/commandLine.js';

export const PROFILES = ['scaled', 'single'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** How parts fail: killed (SIGKILL), refusing writes, or with a wall clock that jumps by an hour. */
export const FAULT_KINDS = ['kill', 'refuse', 'clock'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Options {
  profiles: readonly ProfileName[];
  faults: readonly FaultKind[];
  alerts: number;
  /** Alerts a second. */
  rate: number;
  /** Seconds between two faults, on average. */
  faultSeconds: number;
  /** The same seed kills the same parts at the same moments, and sends the same alerts. */
  seed: number;
  /** How long nothing may change before the run counts as quiet. */
  quietSeconds: number;
  /** Whether the stack stays, for a look into its executions and logs. */
  keep: boolean;
}

/** Bounds of the command's own options: a run beyond them meets the bounds of incidents, or never ends. */
const LIMITS = { alerts: 4000, rate: 50, faultSeconds: 600, seed: 2 ** 32 - 1, quietSeconds: 600 } as const;

const DEFAULTS = { alerts: 2000, rate: 4, faultSeconds: 10, quietSeconds: 90 };
const SMOKE = { alerts: 60, rate: 4, faultSeconds: 3, quietSeconds: 30 };

const CHAOS = {
  command: 'npm run chaos',
  about:
    'Lets parts of the stack fail at random while alerts are sent, and prints what became of them (docs/scaling.md).',
  options: {
    scaled: {
      type: 'boolean',
      default: false,
      about: 'only n8n in queue mode (both profiles without either)',
    },
    single: { type: 'boolean', default: false, about: 'only one n8n process' },
    smoke: { type: 'boolean', default: false, about: 'a short run, whose figures say nothing' },
    keep: { type: 'boolean', default: false, about: 'leave the stack running; with one profile' },
    faults: { type: 'string', default: 'kill,refuse', value: 'KIND,...', about: `of ${FAULT_KINDS.join(', ')}` },
    alerts: { type: 'string', about: `how many alerts (${DEFAULTS.alerts})` },
    rate: { type: 'string', about: `alerts a second (${DEFAULTS.rate})` },
    'fault-seconds': { type: 'string', about: `between two faults, on average (${DEFAULTS.faultSeconds})` },
    'quiet-seconds': { type: 'string', about: `without a change, until the run ends (${DEFAULTS.quietSeconds})` },
    seed: { type: 'string', about: 'the same seed makes the same alerts and faults (random)' },
  },
} as const;

/**
 * Reads the command line.
 * @throws Error if a value is not a number within its limit, or no kind of faults
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(CHAOS, args);
  const base = values.smoke ? SMOKE : DEFAULTS;
  const chosen = PROFILES.filter((name) => values[name]);
  if (values.keep && chosen.length !== 1) throw new Error('--keep needs one profile: --scaled or --single.');
  return {
    profiles: chosen.length === 0 ? PROFILES : chosen,
    faults: kindsIn(values.faults),
    alerts: number('alerts', values.alerts, base.alerts, LIMITS.alerts),
    rate: number('rate', values.rate, base.rate, LIMITS.rate),
    faultSeconds: number('fault-seconds', values['fault-seconds'], base.faultSeconds, LIMITS.faultSeconds),
    quietSeconds: number('quiet-seconds', values['quiet-seconds'], base.quietSeconds, LIMITS.quietSeconds),
    keep: values.keep,
    seed: number('seed', values.seed, randomInt(1, LIMITS.seed), LIMITS.seed),
  };
}

function kindsIn(text: string): FaultKind[] {
  const names = text.split(',');
  const kinds = FAULT_KINDS.filter((kind) => names.includes(kind));
  if (kinds.length !== names.length)
    throw new Error(`--faults is one or more of ${FAULT_KINDS.join(', ')}, with commas.`);
  return kinds;
}

function number(option: string, text: string | undefined, byDefault: number, limit: number): number {
  const value = text === undefined ? byDefault : Number(text);
  if (!(value > 0 && value <= limit)) throw new Error(`--${option} is a number above 0, at most ${limit}.`);
  return value;
}
