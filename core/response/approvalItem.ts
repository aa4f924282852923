import { neverEnded } from './event';
import type { Alert } from '../incident/alert';
import { type Fact, factsOf } from '../alert/facts';
import { shownFacts } from '../facts/lines';
import { jsonBytes, shortened } from '../incident/shorten';
import { sanitize } from '../text/sanitize';
import type { TargetContext } from '../incident/context';
import type { DecisionRecord } from '../incident/decision';
import { existedBefore } from '../policy/guardrails/podIdentity';
import type { Approval, Execution, JoinedPod } from './approval';
import type { ActionResponse } from '../incident/response';

/** The keys of an item that a person, and the workflow after the decision, need. */
export interface WaitingIncident {
  alert: Alert;
  decision?: DecisionRecord | undefined;
  response?: ActionResponse | undefined;
  context?: TargetContext | undefined;
  analysis?: unknown;
  containment?: unknown;
}

/** Limits of the custom resource. */
const LIMITS = { why: 2000, rule: 500, item: 250_000 };

/** What a person gets to decide on. `execution` is the one that asks. */
export function approvalSpec(
  incident: WaitingIncident,
  hours: number,
  now: Date,
  execution?: Execution,
): Approval['spec'] {
  const { alert, decision, response } = incident;
  const { target, subject } = alert;
  const uid = boundUid(alert, incident.context);
  const refused =
    response !== undefined && response.outcome !== 'done' ? `${response.action}: ${response.reason}` : null;
  return {
    incident: alert.id,
    source: alert.source,
    trust: alert.trust,
    ...(execution === undefined ? {} : { execution }),
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    ...(target === null
      ? {}
      : {
          pod: {
            namespace: target.namespace,
            name: target.pod,
            ...(uid === null ? {} : { uid }),
          },
        }),
    subject: {
      kind: subject.kind,
      ...(subject.namespace === null ? {} : { namespace: subject.namespace }),
      name: subject.name,
    },
    rule: sanitize(alert.rule, LIMITS.rule),
    priority: alert.priority,
    facts: allFacts(alert, incident.context),
    ...(decision === undefined
      ? {}
      : {
          proposal: {
            decision: decision.proposal.decision,
            reason: sanitize(decision.proposal.reason, LIMITS.why),
            confidence: decision.proposal.confidence,
          },
        }),
    why: sanitize(refused ?? decision?.reason ?? neverEnded(alert) ?? alert.output, LIMITS.why),
    item: itemOf(incident),
  };
}

/**
 * The alert's facts, then what the API server says of the pod, which replaces the alert's row of the same name. Together
 * they have room in the custom resource.
 */
function allFacts(alert: Alert, context: TargetContext | undefined): Fact[] {
  const facts = context?.status === 'found' ? context.facts : undefined;
  if (facts === undefined) return factsOf(alert);
  const ofPod = shownFacts(facts);
  // The alert's name is all that is known of a container that is not among the pod's.
  const replaced = facts.container.kind === 'unknown' ? [] : ofPod.map(({ name }) => name);
  return [...factsOf(alert).filter(({ name }) => !replaced.includes(name)), ...ofPod];
}

/** The incident's pod, as it joins an Approval that waits; null when the alert names none. */
export function joiningPod({ alert, context }: WaitingIncident, now: Date, execution?: Execution): JoinedPod | null {
  if (alert.target === null) return null;
  const uid = boundUid(alert, context);
  return {
    namespace: alert.target.namespace,
    name: alert.target.pod,
    ...(uid === null ? {} : { uid }),
    ...(uid === null || alert.target.podUid !== null ? {} : { inferred: true }),
    alertTime: alert.time,
    joinedAt: now.toISOString(),
    ...(execution === undefined ? {} : { execution }),
  };
}

/** The item with which the workflow continues. A person decides on alert and decision; a long context is in Loki. */
function itemOf({ alert, context, analysis, decision, containment }: WaitingIncident): string {
  const whole = { alert, context, analysis, decision, containment };
  if (jsonBytes(whole) <= LIMITS.item) return JSON.stringify(whole);
  return JSON.stringify({
    alert: shortened(alert, LIMITS.item - jsonBytes({ alert: null, decision })).alert,
    decision,
  });
}

/**
 * The uid of the pod that a person decides on: the alert's, or that of the live pod if it is older than the alert. Null
 * when it is unknown; that approval then cannot trigger an action that cannot be undone.
 */
function boundUid(alert: Alert, context: TargetContext | undefined): string | null {
  if (alert.target === null) return null;
  if (alert.target.podUid !== null) return alert.target.podUid;
  return context?.status === 'found' && existedBefore(alert, context.pod) ? context.pod.uid : null;
}
