import { decideApproval } from '../../../../app/approvals';
import { CHOICES } from '../../../../core/response/approval';
import { decidedItems } from '../../../../core/response/decidedItem';
import { now } from '../../../shared/clock';
import { APPROVAL, textOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';
import { CHOICE, DECIDED_BY, DECIDED_THROUGH, SHOWN } from './fields';
import { orProblem } from '../orProblem';

/** As the Approval's definition has it. */
const LONGEST_NAME = 256;

/** Takes a person's decision, and gives the incident back with it: one item for each pod that is to be acted on. */
export const decide: Operation = {
  name: 'Decide',
  value: 'decide',
  action: 'Decide on an approval',
  description: "Take a person's decision, once, and give an item back for each pod that it acts on",
  fields: [APPROVAL, CHOICE, SHOWN, DECIDED_BY, DECIDED_THROUGH],
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
      const verdict = {
        choice,
        by,
        via,
        shown: shownOf(context.getNodeParameter(SHOWN.name, index, undefined)),
      } as const;
      const { approval, later } = await decideApproval(cluster, name, verdict, now());
      const waits = later === null ? {} : { approval: { name: later.metadata.name, expiresAt: later.spec.expiresAt } };
      return decidedItems(approval).map((item) => done({ ...item, ...waits }));
    }),
};

/** Workflows from before this parameter do not give it. */
function shownOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
