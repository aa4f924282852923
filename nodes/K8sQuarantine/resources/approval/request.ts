import { requestApproval } from '../../../../app/requestApproval';
import { readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import type { Execution } from '../../../../core/response/approval';
import { done, type Operation, type OperationInput } from '../operation';
import { orProblem } from '../orProblem';

/** Puts the incident before a person. */
export const request: Operation = {
  name: 'Request',
  value: 'request',
  action: 'Put the incident before a person',
  description: 'Keep the incident until somebody decides or its time is over; another pod of it joins what waits',
  run: async (input) => {
    const incident = readIncident(input.json);
    // The Event and the log line report the incident in any case.
    return orProblem(
      input,
      async ({ cluster, json }) => {
        const { metadata, spec } = await requestApproval(cluster, incident, now(), executionOf(input));
        return done({ ...json, approval: { name: metadata.name, expiresAt: spec.expiresAt } });
      },
      'approvalProblem',
    );
  },
};

/** The execution at hand, for the page's link. A workflow that was not saved has no id. */
function executionOf({ context }: OperationInput): Execution | undefined {
  const [{ id: workflow = '' }, id] = [context.getWorkflow(), context.getExecutionId() as string | undefined];
  return workflow === '' || id === undefined || id === '' ? undefined : { workflow, id };
}
