import { podStateOf } from '../../../../adapters/kubernetes/approvalState';
import { readApproval } from '../../../../adapters/kubernetes/resources/approvals';
import { pageOf } from '../../../../core/response/approvalPage';
import { APPROVAL, textOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';
import { orProblem } from './orProblem';

/** One incident that waits, with how its pod is now and what a person can choose. What is decided leaves by *escalate*. */
export const get: Operation = {
  name: 'Get',
  value: 'get',
  action: 'Get an approval that waits for a person',
  description: 'Give one incident with the state of its pod now, and what can be chosen for it',
  fields: [APPROVAL],
  run: (input) =>
    orProblem(input, async ({ context, client, json, index }) => {
      const approval = await readApproval(client, textOf(context, APPROVAL.name, index));
      const { state, decidedBy } = approval.status;
      if (state !== undefined)
        return toEscalate({ ...json, problem: `It was decided already: ${state} by ${decidedBy ?? 'nobody'}.` });
      return done({ approval: pageOf(approval, await podStateOf(client, approval, new Date())) });
    }),
};
