import { backlogOf } from '../../../../core/folding/backlog';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';

/** Puts out `backlog`: how many passes have no end yet, and since when the oldest waits, for *Pushgateway Metrics*. */
export const getBacklog: Operation = {
  name: 'Get Backlog',
  value: 'getBacklog',
  action: 'Count the alerts that are not decided yet',
  description: 'Say how many alerts are being analysed, wait in a queue or were lost, and since when the oldest waits',
  run: async ({ cluster }) =>
    done({ backlog: { ...backlogOf(await cluster.incidents.all()), at: now().toISOString() } }),
};
