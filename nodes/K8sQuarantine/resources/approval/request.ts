import { requestApproval } from '../../../../app/approvals';
import { readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';

/** Puts the incident before a person. */
export const request: Operation = {
  name: 'Request',
  value: 'request',
  action: 'Put the incident before a person',
  description: 'Keep the incident until somebody decides or its time is over',
  run: async (input) => {
    const incident = readIncident(input.json);
    // The Event and the log line report the incident in any case.
    return orProblem(
      input,
      async ({ cluster, json }) => {
        const { metadata, spec } = await requestApproval(cluster, incident, now());
        return done({ ...json, approval: { name: metadata.name, expiresAt: spec.expiresAt } });
      },
      'approvalProblem',
    );
  },
};
