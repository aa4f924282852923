import { numberOf, parse } from '../../cluster/shared/commandLine.js';

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

const SCALE = {
  command: 'npm run bench:scale',
  about: 'Measures what n8n in queue mode carries on this machine (docs/scaling.md).',
  options: {
    smoke: { type: 'boolean', default: false, about: 'a short run, whose figures say nothing' },
    workers: { type: 'string', value: 'N,...', about: `numbers of workers (${DEFAULTS.workers})` },
    'model-seconds': {
      type: 'string',
      value: 'S,...',
      about: `how long the model takes for a reply (${DEFAULTS.model})`,
    },
    alerts: { type: 'string', about: `alerts that are posted as fast as they are accepted (${DEFAULTS.alerts})` },
    paced: { type: 'string', about: `alerts that are posted at a share of that rate (${DEFAULTS.paced})` },
    share: { type: 'string', default: '0.5', about: 'that share' },
    containments: { type: 'string', about: `alerts one at a time, in each profile (${DEFAULTS.containments})` },
    'idle-seconds': { type: 'string', about: `for which a stack without alerts is measured (${DEFAULTS.idle})` },
  },
} as const;

/**
 * Reads the command line.
 * @throws Error if a value is not a number within its limit
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(SCALE, args);
  const base = values.smoke ? SMOKE : DEFAULTS;
  const workers = numbers('workers', values.workers ?? base.workers, 1, LIMITS.workers);
  return {
    workers: [...new Set(workers)].sort((a, b) => a - b),
    modelSeconds: numbers('model-seconds', values['model-seconds'] ?? base.model, 0, LIMITS.seconds),
    alerts: numberOf('alerts', values.alerts ?? base.alerts, 1, LIMITS.alerts),
    paced: numberOf('paced', values.paced ?? base.paced, 1, LIMITS.alerts),
    share: numberOf('share', values.share, 0.01, 1),
    containments: numberOf('containments', values.containments ?? base.containments, 1, LIMITS.alerts),
    idleSeconds: numberOf('idle-seconds', values['idle-seconds'] ?? base.idle, 1, LIMITS.seconds),
  };
}

const numbers = (option: string, text: string, least: number, most: number): number[] =>
  text.split(',').map((each) => numberOf(option, each, least, most));
