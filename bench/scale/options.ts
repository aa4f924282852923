import { parseArgs } from 'node:util';

export interface Options {
  /** Numbers of workers that are measured, one after the other; they only grow, so that nothing has to be stopped between. */
  workers: readonly number[];
  /** How long the model takes for a reply, in seconds. */
  modelSeconds: readonly number[];
  /** Alerts that are posted as fast as they are accepted. */
  alerts: number;
  /** Alerts that are posted at `share` of the rate that was measured with the others. */
  paced: number;
  share: number;
  /** Alerts whose containment is measured, one after the other, in each profile. */
  containments: number;
  /** For how long the processor time of a stack without alerts is measured. */
  idleSeconds: number;
}

const DEFAULTS = { workers: '1,2,4', model: '0,2', alerts: 60, paced: 40, containments: 30, idle: 4 };
const SMOKE = { workers: '1', model: '0', alerts: 8, paced: 4, containments: 2, idle: 1 };
/** Alerts beyond these meet the bounds of incidents, and more workers the memory of one machine. */
const LIMITS = { alerts: 800, workers: 16, seconds: 60 } as const;

/**
 * Reads the command line.
 * @throws Error if a value is not a number within its limit
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      smoke: { type: 'boolean', default: false },
      workers: { type: 'string' },
      'model-seconds': { type: 'string' },
      alerts: { type: 'string' },
      paced: { type: 'string' },
      share: { type: 'string', default: '0.5' },
      containments: { type: 'string' },
      'idle-seconds': { type: 'string' },
    },
  });
  const base = values.smoke ? SMOKE : DEFAULTS;
  const workers = numbers('workers', values.workers ?? base.workers, 1, LIMITS.workers);
  return {
    workers: [...new Set(workers)].sort((a, b) => a - b),
    modelSeconds: numbers('model-seconds', values['model-seconds'] ?? base.model, 0, LIMITS.seconds),
    alerts: number('alerts', values.alerts ?? base.alerts, 1, LIMITS.alerts),
    paced: number('paced', values.paced ?? base.paced, 1, LIMITS.alerts),
    share: number('share', values.share, 0.01, 1),
    containments: number('containments', values.containments ?? base.containments, 1, LIMITS.alerts),
    idleSeconds: number('idle-seconds', values['idle-seconds'] ?? base.idle, 1, LIMITS.seconds),
  };
}

const numbers = (option: string, text: string, least: number, most: number): number[] =>
  text.split(',').map((each) => number(option, each, least, most));

function number(option: string, text: string | number, least: number, most: number): number {
  const value = text === '' ? NaN : Number(text);
  if (!(value >= least && value <= most)) throw new Error(`--${option} is a number from ${least} to ${most}.`);
  return value;
}
