import type { Cluster } from '../../../../app/ports';
import { markCarriedOut } from '../../../../app/carryOut';
import { countDecided } from '../../../../app/exceptions/countDecided';
import { openAfterwards } from '../../../../app/incidents/openAfterwards';
import { recordOutcome as record } from '../../../../app/incidents/recordOutcome';
import { outcomeOfPass } from '../../../../core/folding/outcome';
import { type Incident, readIncident } from '../../../../core/incident/incident';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';

/**
 * Writes what this pass led to into the incident, on which it depends whether its next event is a repeat. Adds where the incident
 * stands then as the key `outcome`.
 */
export const recordOutcome: Operation = {
  name: 'Record Outcome',
  value: 'recordOutcome',
  action: 'Record the outcome in the incident',
  description: 'Write what was decided and done into the Incident object, on which the next events depend',
  run: async (input) => {
    const incident = readIncident(input.json);
    const at = now();
    const { state, reason } = outcomeOfPass(incident, at);
    return orProblem(
      { ...input, json: { ...input.json, outcome: { state, reason } } },
      async ({ cluster, json }) => {
        try {
          const reached = isAlone(incident)
            ? await openAfterwards(cluster.incidents, incident, at)
            : await record(cluster.incidents, incident, at);
          await markLast(cluster, incident);
          return done(reached === null ? json : { ...json, outcome: { state: reached.state, reason: reached.reason } });
        } finally {
          // An exception matched, whatever became of the incident.
          await countDecided(cluster, incident, at);
        }
      },
      'incidentProblem',
    );
  },
};

/** Whether its alert started the workflow without an incident. What a person decided was recorded when it was asked. */
function isAlone({ alert, task, decision }: Incident): boolean {
  return alert.incident === undefined && task === undefined && decision?.approval === undefined;
}

/** With the last of a decision's pods, the decision is carried out. */
async function markLast(cluster: Cluster, { decision }: Incident): Promise<void> {
  const approval = decision?.approval;
  if (approval !== undefined && approval.part === approval.parts) await markCarriedOut(cluster, approval.name);
}
