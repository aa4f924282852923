import { backlogOf } from '../../../../core/folding/backlog';
import { waitingOf } from '../../../../core/response/waitingList';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';

/**
 * Puts out `backlog`: how many passes have no end yet, how many Approvals wait for a person, and since when the oldest of each
 * does, for *Pushgateway Metrics*.
 */
export const getBacklog: Operation = {
  name: 'Get Backlog',
  value: 'getBacklog',
  action: 'Count the alerts that are not decided yet',
  description:
    'Say how many alerts are being analysed, wait in a queue or were lost, how many wait for a person, and since when the oldest does',
  run: async ({ cluster }) => {
    const [incidents, approvals] = await Promise.all([cluster.incidents.all(), cluster.waitingApprovals()]);
    return done({ backlog: { ...backlogOf(incidents), ...waitingOf(approvals), at: now().toISOString() } });
  },
};
