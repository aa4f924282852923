import type { Incident } from '../incident/incident';
import { isSettled } from '../incident/response';
import { type IncidentStatus, type Pass, RECORD_LIMITS } from '../incident/incidentRecord';
import { withCost } from './bounds';
import { withJudgement } from './history';
import { sanitize } from '../text/sanitize';

/** The most urgent first. */
const URGENCY: readonly IncidentStatus['state'][] = ['Waiting', 'Open', 'Contained', 'Settled'];

/**
 * An incident's status after a pass. A decision on several pods comes back pod by pod: what one of them still asks for is not
 * hidden by how another ended. What waits for a person goes on waiting, however the analysis of another event or pod ended.
 */
export function afterOutcome(before: IncidentStatus, incident: Incident, now: Date): IncidentStatus {
  const status = withJudgement(before, incident);
  const outcome = outcomeOfPass(incident, now);
  const passes = passesAfter(status, incident, outcome.state);
  const isFurtherPod = (incident.decision?.approval?.part ?? 1) > 1;
  const waits = status.state === 'Waiting' && isByAnalysis(incident);
  const isLess = URGENCY.indexOf(status.state) < URGENCY.indexOf(outcome.state);
  return (isFurtherPod || waits) && isLess ? { ...status, passes } : { ...status, passes, ...outcome };
}

/** Neither a person nor the alert's source has had their say. */
function isByAnalysis({ alert, decision }: Incident): boolean {
  return decision?.approval === undefined && alert.status !== 'resolved';
}

/** What nobody has to look at notified nobody; what escalated, or a person decided on, has done so, whatever its incident is then. */
function passesAfter(
  { passes }: IncidentStatus,
  { alert, analysis, decision, escalation }: Incident,
  state: IncidentStatus['state'],
): Pass[] {
  if (decision?.approval !== undefined) return passes;
  const asked = [analysis?.run, decision?.run].some((run) => run !== undefined && run.questions > 0);
  return withCost(passes, alert, { model: asked, notify: state === 'Waiting' || escalation !== undefined });
}

/** What a pass through the workflow means for its incident. */
export function outcomeOfPass(
  { alert, containment, decision, response, approval }: Incident,
  now: Date,
): Pick<IncidentStatus, 'state' | 'reason' | 'decision' | 'changedAt'> {
  const changedAt = now.toISOString();
  const decided = decision === undefined ? {} : { decision: decision.decision };
  const to = (state: IncidentStatus['state'], reason: string) => ({
    state,
    reason: sanitize(reason, RECORD_LIMITS.reason),
    ...decided,
    changedAt,
  });
  if (alert.status === 'resolved') return to('Settled', 'resolved at its source');
  // Pods that joined after a person was shown the others.
  if (decision?.approval !== undefined && approval !== undefined)
    return to('Waiting', `a person has to decide on further pods until ${approval.expiresAt}`);
  if (response !== undefined && isSettled(response)) {
    const done = `${response.action} (${response.outcome}): ${decision?.reason ?? response.reason}`;
    return to(response.action === 'quarantine_pod' && response.outcome !== 'dry_run' ? 'Contained' : 'Settled', done);
  }
  const person = decision?.approval;
  if (person !== undefined && person.chosen === null)
    return to('Settled', person.state === 'Expired' ? 'nobody decided in time' : `rejected by ${person.by}`);
  if (decision?.decision === 'ignore')
    return to('Settled', person === undefined ? `ignored: ${decision.reason}` : `ignored by ${person.by}`);
  if (approval !== undefined) return to('Waiting', `a person has to decide until ${approval.expiresAt}`);
  if (containment?.outcome === 'done') return to('Contained', 'isolated before the analysis');
  return to('Waiting', decision?.reason ?? 'a person has to look at it');
}
