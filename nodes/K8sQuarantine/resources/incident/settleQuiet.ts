import { agreedTime } from '../../../../app/agreedTime';
import { settleQuiet as settle } from '../../../../app/incidents/settleQuiet';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';

/**
 * Ends incidents of which nothing was heard for a while: their next event opens them again. Puts out `settled`, how many, and
 * `ended`, what the incidents came to that were over before, for *Pushgateway Metrics*.
 */
export const settleQuiet: Operation = {
  name: 'Settle Quiet',
  value: 'settleQuiet',
  action: 'Settle incidents that are quiet',
  description: 'End the incidents that wait for nobody and had no event for as long as the ResponsePolicy says',
  run: async ({ cluster }) => {
    const configuration = await cluster.readConfiguration();
    return done({ ...(await settle(cluster.incidents, configuration, agreedTime(cluster, now()))) });
  },
};
