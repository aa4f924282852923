import { z } from 'zod/v4';

import type { Alert } from '../incident/alert';
import { factsOf } from '../alert/facts';
import { jsonBytes, shortened } from '../incident/shorten';
import { sanitize } from '../text/sanitize';
import type { TargetContext } from '../incident/context';
import type { Decision, DecisionRecord } from '../incident/decision';
import { existedBefore } from '../policy/guardrails/podIdentity';
import { type Approval, approvalKey, approvalName } from './approval';
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

/** What a person gets to decide on. */
export function approvalSpec(incident: WaitingIncident, hours: number, now: Date): Approval['spec'] {
  const { alert, decision, response } = incident;
  const { target, subject } = alert;
  const key = approvalKey(alert);
  const uid = boundUid(alert, incident.context);
  const refused =
    response !== undefined && response.outcome !== 'done' ? `${response.action}: ${response.reason}` : null;
  return {
    incident: alert.id,
    ...(key === alert.id ? {} : { key }),
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
    facts: factsOf(alert),
    ...(decision === undefined
      ? {}
      : {
          proposal: {
            decision: decision.proposal.decision,
            reason: sanitize(decision.proposal.reason, LIMITS.why),
            confidence: decision.proposal.confidence,
          },
        }),
    why: sanitize(refused ?? decision?.reason ?? alert.output, LIMITS.why),
    item: itemOf(incident),
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

const itemSchema = z.looseObject({ alert: z.looseObject({}), decision: z.looseObject({}).optional() });

/** The incident's item again, with the person's decision. Every key is checked where it is used. */
export function decidedItem(approval: Approval): object {
  const item = itemSchema.parse(JSON.parse(approval.spec.item));
  return { ...item, decision: { ...UNDECIDED, ...item.decision, ...verdictOf(approval) } };
}

/** For an Approval that still waits: its time counts as over. */
const EXPIRED = { state: 'Expired', decidedBy: 'timeout', via: 'timeout' } as const;

function verdictOf({
  spec,
  status,
}: Approval): Pick<DecisionRecord, 'decision' | 'classification' | 'reason' | 'decidedAt' | 'approval'> {
  const { state, decidedBy, via } = status.state === undefined ? EXPIRED : status;
  const chosen = status.state === 'Approved' ? status.decision : null;
  const decidedAt = (status.state === undefined ? undefined : status.decidedAt) ?? spec.expiresAt;
  const what = state === 'Expired' ? 'Nobody decided in time' : `${state} by ${decidedBy} (${via})`;
  return {
    decision: decisionOf(state, chosen),
    classification: classificationOf(chosen),
    reason: `${what}${chosen === null ? '' : `: ${chosen}`}. Reason for the request: ${spec.why}`.slice(0, LIMITS.why),
    decidedAt,
    approval: { name: approvalName(spec.key ?? spec.incident), state, chosen, by: decidedBy, via, at: decidedAt },
  };
}

function decisionOf(state: string, chosen: string | null): Decision {
  if (chosen === 'delete_pod' || chosen === 'quarantine_pod') return chosen;
  return state === 'Expired' ? 'escalate' : 'ignore';
}

function classificationOf(chosen: string | null): DecisionRecord['classification'] {
  if (chosen === null) return 'needs_review';
  return chosen === 'delete_pod' || chosen === 'quarantine_pod' ? 'true_positive' : 'false_positive';
}

/** For an incident that reached a person without a decision: after a failure, or because a quarantine is due. */
const UNDECIDED: Pick<DecisionRecord, 'confidence' | 'proposal' | 'guardrails' | 'run'> = {
  confidence: 0,
  proposal: { decision: 'escalate', classification: 'needs_review', confidence: 0, reason: 'Nothing was proposed.' },
  guardrails: [],
  run: {
    by: 'playbook',
    fallbackReason: 'a person decided',
    promptVersion: 'none',
    model: null,
    tokens: { input: 0, output: 0 },
    questions: 0,
    durationMs: 0,
  },
};
