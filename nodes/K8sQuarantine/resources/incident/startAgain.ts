import type { INodeProperties } from 'n8n-workflow';

import { agreedTime } from '../../../../app/agreedTime';
import { startAgain as findLost } from '../../../../app/incidents/startAgain';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';
import { mayStartPortion } from './portions';

const LOST_AFTER: INodeProperties = {
  displayName: 'Lost After (Minutes)',
  name: 'lostAfterMinutes',
  type: 'number',
  noDataExpression: true,
  typeOptions: { minValue: 1, maxValue: 60 },
  default: 10,
  description:
    'An alert whose analysis has no result after so long is analysed again. Longer than an execution takes, its waiting in a queue included.',
};

/** The alerts whose analysis was lost with its process; those that were started as often as they may be leave by *escalate*. */
export const startAgain: Operation = {
  name: 'Start Again',
  value: 'startAgain',
  action: 'Find alerts whose analysis was lost',
  description:
    'Give back the alerts whose analysis began and has no result, because n8n was stopped or lost the execution',
  fields: [LOST_AFTER],
  run: async ({ context, cluster, index }) => {
    // The output is the same for every item.
    if (index > 0) return [];
    const lostAfterMs = Number(context.getNodeParameter(LOST_AFTER.name, index, LOST_AFTER.default)) * 60_000;
    const at = agreedTime(cluster, now());
    const hasRoom = () => mayStartPortion(context, cluster.incidents, at);
    const { again, givenUp } = await findLost(cluster.incidents, at, lostAfterMs, hasRoom);
    return [...again.map((alert) => done({ alert })), ...givenUp.map((alert) => toEscalate({ alert }))];
  },
};
