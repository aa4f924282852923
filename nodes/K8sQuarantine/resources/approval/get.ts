import { approvalNow } from '../../../../app/approvalNow';
import { incidentOfApproval } from '../../../../app/incidents/incidentOfApproval';
import { pageOf } from '../../../../core/response/approvalPage';
import { baseUrl } from '../../../../core/response/links';
import { now } from '../../../shared/clock';
import { APPROVAL, textOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';
import { orProblem } from '../orProblem';

/** One incident that waits, with how its pods are now and what each choice would do. What is decided leaves by *escalate*. */
export const get: Operation = {
  name: 'Get',
  value: 'get',
  action: 'Get an approval that waits for a person',
  description:
    'Give one incident with the state of its pods now, what can be chosen for it, and what each choice would do',
  fields: [APPROVAL],
  run: (input) =>
    orProblem(input, async ({ context, cluster, json, index }) => {
      const approval = await cluster.readApproval(textOf(context, APPROVAL.name, index));
      const { status } = approval;
      if (status.state !== undefined)
        return toEscalate({ ...json, problem: `It was decided already: ${status.state} by ${status.decidedBy}.` });
      const [state, incident] = await Promise.all([
        approvalNow(cluster, approval, now()),
        incidentOfApproval(cluster.incidents, approval),
      ]);
      // n8n's own setting: nothing of the alert makes a link.
      return done({ approval: pageOf(approval, state, incident, baseUrl(context.getInstanceBaseUrl())) });
    }),
};
