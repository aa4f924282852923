import { approvalPod } from '../../../../app/approvalPod';
import { incidentOfApproval } from '../../../../app/incidents/incidentOfApproval';
import { pageOf } from '../../../../core/response/approvalPage';
import { now } from '../../../shared/clock';
import { APPROVAL, textOf } from '../locators';
import { done, type Operation, toEscalate } from '../operation';
import { orProblem } from '../orProblem';

/** One incident that waits, with how its pod is now and what a person can choose. What is decided leaves by *escalate*. */
export const get: Operation = {
  name: 'Get',
  value: 'get',
  action: 'Get an approval that waits for a person',
  description: 'Give one incident with the state of its pod now, and what can be chosen for it',
  fields: [APPROVAL],
  run: (input) =>
    orProblem(input, async ({ context, cluster, json, index }) => {
      const approval = await cluster.readApproval(textOf(context, APPROVAL.name, index));
      const { status } = approval;
      if (status.state !== undefined)
        return toEscalate({ ...json, problem: `It was decided already: ${status.state} by ${status.decidedBy}.` });
      const [pod, incident] = await Promise.all([
        approvalPod(cluster, approval, now()),
        incidentOfApproval(cluster.incidents, approval),
      ]);
      return done({ approval: pageOf(approval, pod, incident) });
    }),
};
