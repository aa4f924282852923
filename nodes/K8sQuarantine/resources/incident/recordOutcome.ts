import { countDecided } from '../../../../app/exceptions/countDecided';
import { recordOutcome as record } from '../../../../app/incidents/recordOutcome';
import { readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';

/** Writes what this pass led to into the incident, on which it depends whether its next event is a repeat. */
export const recordOutcome: Operation = {
  name: 'Record Outcome',
  value: 'recordOutcome',
  action: 'Record the outcome in the incident',
  description: 'Write what was decided and done into the Incident object, on which the next events depend',
  run: async (input) => {
    const incident = readIncident(input.json);
    return orProblem(
      input,
      async ({ cluster, json }) => {
        await countDecided(cluster, incident, now());
        await record(cluster.incidents, incident, now());
        return done(json);
      },
      'incidentProblem',
    );
  },
};
