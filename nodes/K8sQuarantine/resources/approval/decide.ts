import { decideApproval } from '../../../../app/approvals';
import { CHOICES } from '../../../../core/response/approval';
import { decidedItem } from '../../../../core/response/approvalItem';
import { now } from '../../../shared/clock';
import { APPROVAL, textOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';
import { CHOICE, DECIDED_BY, DECIDED_THROUGH } from './fields';
import { orProblem } from '../orProblem';

/** As the Approval's definition has it. */
const LONGEST_NAME = 256;

/** Takes a person's decision, and gives the incident back with it. */
export const decide: Operation = {
  name: 'Decide',
  value: 'decide',
  action: 'Decide on an approval',
  description: "Take a person's decision, once, and give the incident back with it",
  fields: [APPROVAL, CHOICE, DECIDED_BY, DECIDED_THROUGH],
  run: (input) =>
    orProblem(input, async ({ context, cluster, json, index }) => {
      const name = textOf(context, APPROVAL.name, index);
      const by = textOf(context, DECIDED_BY.name, index).slice(0, LONGEST_NAME);
      const choice = CHOICES.find((known) => known === textOf(context, CHOICE.name, index));
      const via = textOf(context, DECIDED_THROUGH.name, index) === 'form' ? 'form' : 'link';
      if (choice === undefined || by === '' || name === '')
        return toEscalate({
          ...json,
          problem: 'Nothing was decided: an approval, a choice and the name of who makes it are needed.',
        });
      return done(decidedItem(await decideApproval(cluster, name, { choice, by, via }, now())));
    }),
};
