import type { Alert } from '../incident/alert';
import type { FoundContext } from '../incident/context';
import type { ResponseMode } from '../incident/mode';
import type { DecisionRecord } from '../incident/decision';
import { effectiveMode } from './guardrails/effectiveMode';
import type { Guardrail, PolicyInput } from './guardrails/guardrail';
import { ignoreOnModel } from './guardrails/ignoreOnModel';
import { infrastructureNamespace } from './guardrails/infrastructureNamespace';
import { playbookFloor } from './guardrails/playbookFloor';
import { podIdentity } from './guardrails/podIdentity';
import { readableConfiguration } from './guardrails/readableConfiguration';
import type { Refusal } from './refusal';

/**
 * Applies to a release only. No decision proposes a release, so this is not one of the guardrails that lower decisions.
 */
export const RELEASE_GUARDRAIL = 'release';

interface ReleaseInput {
  alert: Alert;
  /** Absent if a person runs the node with its requirement of a decision switched off. */
  decision: DecisionRecord | undefined;
  context: FoundContext;
  /** The most that the workflow allows. */
  mode: ResponseMode;
  /** Whether a person has approved the release. */
  approved: boolean;
}

/** Why a pod must not be released given this state of the cluster, regardless of its record; null when it may be. */
export function refuseRelease({ alert, decision, context, mode, approved }: ReleaseInput): Refusal | null {
  // A release changes the pod like an isolation: where changes are not allowed, undoing them is not allowed either.
  const asChange = { decision: 'quarantine_pod' as const, confidence: null, alert, context, mode, approved };
  const refused = firstRefusal([infrastructureNamespace, readableConfiguration, effectiveMode], asChange);
  if (refused !== null || decision === undefined || approved) return refused;
  if (!isFalsePositive(decision))
    return {
      reason: `release needs a person's approval or a false positive; the incident's decision is ${decision.decision} (${decision.classification})`,
      guardrails: [RELEASE_GUARDRAIL],
    };
  return firstRefusal([playbookFloor, ignoreOnModel], {
    ...asChange,
    decision: 'ignore',
    confidence: decision.confidence,
  });
}

function firstRefusal(guardrails: readonly Guardrail[], input: PolicyInput): Refusal | null {
  for (const { name, check } of guardrails) {
    const found = check(input);
    if (found !== null) return { reason: found.reason, guardrails: [name] };
  }
  return null;
}

export interface Binding {
  alert: Pick<Alert, 'id' | 'target'>;
  decision: DecisionRecord | undefined;
  /** Whether a person has approved the release. */
  approved: boolean;
  /** The uid of the pod that the Approval was created for; null when it names none, or when there is no approval. */
  approvedUid: string | null;
  /** The open record of the live pod. */
  record: { incident: string; uid: string };
}

/**
 * Why it is not certain that this incident is about exactly the isolated pod, or null. The pod's name is not enough:
 * another incident may have isolated a pod of the same name, long after the alert.
 */
export function refuseUnboundRelease({ alert, decision, approved, approvedUid, record }: Binding): Refusal | null {
  const isOwn = record.incident === alert.id;
  if (approved && approvedUid === null)
    return unbound('the Approval names no pod uid, so it is unknown which pod was meant: request another approval');
  if (approved) return approvedUid === record.uid ? null : unbound('the Approval was made for another pod');
  if (decision !== undefined)
    return isOwn
      ? null
      : unbound(`the pod was isolated by incident ${record.incident}, which only a person's approval ends`);
  return isOwn || alert.target?.podUid === record.uid
    ? null
    : unbound('the alert has no pod uid, and the pod was isolated by another incident');
}

function unbound(reason: string): Refusal {
  return { reason, guardrails: [podIdentity.name] };
}

/** An exception was made before this pod was isolated: it does not judge what isolated it. */
function isFalsePositive({ decision, classification, exception }: DecisionRecord): boolean {
  return decision === 'ignore' && classification === 'false_positive' && exception === undefined;
}
