import { requestApproval } from '../../../../app/approvals';
import { PipelineError } from '../../../../core/errors';
import { readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import { done, type Operation, toEscalate } from '../operation';

/** Puts the incident before a person. */
export const request: Operation = {
  name: 'Request',
  value: 'request',
  action: 'Put the incident before a person',
  description: 'Keep the incident until somebody decides or its time is over',
  run: async ({ cluster, json }) => {
    const incident = readIncident(json);
    try {
      const { metadata, spec } = await requestApproval(cluster, incident, now());
      return done({ ...json, approval: { name: metadata.name, expiresAt: spec.expiresAt } });
    } catch (error) {
      // The Event and the log line report the incident in any case.
      if (!(error instanceof PipelineError)) throw error;
      return toEscalate({ ...json, approvalProblem: `${error.message}. ${error.nextStep}` });
    }
  },
};
