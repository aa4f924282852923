import { escalate, type Guardrail } from './guardrail';

/** The last event that an incident lets through within the hour: to ignore it is to ignore everything that follows. */
export const incidentBound: Guardrail = {
  name: 'incident_bound',
  liftedByApproval: true,
  liftedByException: true,
  check: ({ decision, alert: { incident } }) =>
    decision === 'ignore' && incident?.bound != null
      ? escalate(`the incident's bound is reached: ${incident.bound}`)
      : null,
};
