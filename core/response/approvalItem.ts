import { z } from 'zod/v4';

import type { Alert } from '../alert/alert';
import { presentable } from '../alert/text';
import type { TargetContext } from '../context/context';
import type { Decision, DecisionRecord } from '../decision/decision';
import { existedBefore } from '../decision/guardrails/podIdentity';
import { type Approval, approvalName } from './approval';
import type { ActionResponse } from './response';

/** The keys of an item that a person, and the workflow after them, need. */
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

/** What is put before a person. */
export function approvalSpec(incident: WaitingIncident, hours: number, now: Date): Approval['spec'] {
  const { alert, decision, response, containment } = incident;
  const { target } = alert;
  const uid = boundUid(alert, incident.context);
  const refused =
    response !== undefined && response.outcome !== 'done' ? `${response.action}: ${response.reason}` : null;
  const whole = JSON.stringify({
    alert,
    context: incident.context,
    analysis: incident.analysis,
    decision,
    containment,
  });
  return {
    incident: alert.id,
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
    rule: presentable(alert.rule, LIMITS.rule),
    priority: alert.priority,
    ...(decision === undefined
      ? {}
      : {
          proposal: {
            decision: decision.proposal.decision,
            reason: presentable(decision.proposal.reason, LIMITS.why),
            confidence: decision.proposal.confidence,
          },
        }),
    why: presentable(refused ?? decision?.reason ?? alert.output, LIMITS.why),
    // What a person decides on needs no more than alert and decision; a long context is in Loki.
    item: whole.length <= LIMITS.item ? whole : JSON.stringify({ alert, decision }),
  };
}

/**
 * The uid of the pod that a person decides on: the alert's, or that of the pod which was read and is older than the alert.
 * Null when it is not known; then nothing that cannot be undone is done by that approval.
 */
function boundUid(alert: Alert, context: TargetContext | undefined): string | null {
  if (alert.target === null) return null;
  if (alert.target.podUid !== null) return alert.target.podUid;
  return context?.status === 'found' && existedBefore(alert, context.pod) ? context.pod.uid : null;
}

/** What the page shows of a waiting incident. Plain text: the page escapes it. */
export function summaryOf({ metadata, spec }: Approval) {
  return {
    name: metadata.name,
    incident: spec.incident,
    namespace: spec.pod?.namespace ?? null,
    pod: spec.pod?.name ?? null,
    rule: spec.rule,
    priority: spec.priority,
    proposal: spec.proposal ?? null,
    why: spec.why,
    requestedAt: spec.requestedAt,
    expiresAt: spec.expiresAt,
  };
}

const itemSchema = z.looseObject({ alert: z.looseObject({}), decision: z.looseObject({}).optional() });

/** The incident's item again, with what a person made of it. Every key is checked where it is used. */
export function decidedItem(approval: Approval): object {
  const item = itemSchema.parse(JSON.parse(approval.spec.item));
  return { ...item, decision: { ...UNDECIDED, ...item.decision, ...verdictOf(approval) } };
}

function verdictOf({
  spec,
  status,
}: Approval): Pick<DecisionRecord, 'decision' | 'classification' | 'reason' | 'decidedAt' | 'approval'> {
  const { state = 'Expired', decision: chosen = null, decidedBy = 'timeout', via = 'timeout' } = status;
  const decidedAt = status.decidedAt ?? spec.expiresAt;
  const what = state === 'Expired' ? 'Nobody decided in time' : `${state} by ${decidedBy} (${via})`;
  return {
    decision: decisionOf(state, chosen),
    classification: classificationOf(chosen),
    reason: `${what}${chosen === null ? '' : `: ${chosen}`}. It was asked because: ${spec.why}`.slice(0, LIMITS.why),
    decidedAt,
    approval: { name: approvalName(spec.incident), state, chosen, by: decidedBy, via, at: decidedAt },
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

/** For an incident that came before a person without a decision: a failure, or a quarantine that is due. */
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
