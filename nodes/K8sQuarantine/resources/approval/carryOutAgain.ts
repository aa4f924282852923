import { agreedTime } from '../../../../app/agreedTime';
import { carryOutAgain as findLost } from '../../../../app/carryOut';
import { decidedItems } from '../../../../core/response/decidedItem';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';

/** The items of decisions that were not carried out, because n8n was stopped; what is given up leaves by *escalate*. */
export const carryOutAgain: Operation = {
  name: 'Carry Out Again',
  value: 'carryOutAgain',
  action: 'Find decisions that were not carried out',
  description:
    'Give back the decisions of people whose outcome is missing after three minutes, because n8n was stopped',
  run: async ({ cluster }) => {
    const { again, givenUp } = await findLost(cluster, agreedTime(cluster, now()));
    return [...again.flatMap(decidedItems).map(done), ...givenUp.flatMap(decidedItems).map(toEscalate)];
  },
};
