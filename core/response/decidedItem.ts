import { z } from 'zod/v4';

import { fingerprint } from '../alert/identity';
import type { Decision, DecisionRecord } from '../incident/decision';
import { subjectText, targetSubject } from '../incident/subject';
import { type Approval, approvalName } from './approval';
import { decidedPods, type NamedPod } from './approvalPods';
import { priorityOf } from './approvalPriority';
import { isGivenUp } from './carryingOut';

/** Limit of a reason in an item. */
const LONGEST_REASON = 2000;

/** What is done to each pod by itself. */
const ACTING = ['delete_pod', 'quarantine_pod', 'release_pod'];

const itemSchema = z.looseObject({
  alert: z.looseObject({ rule: z.string(), incident: z.looseObject({ pass: z.number() }).optional() }),
  decision: z.looseObject({}).optional(),
});
type Item = z.infer<typeof itemSchema>;

/**
 * The items with which the workflow goes on after a decision: one for each pod that an action is decided for, else one.
 * Every key is checked where it is used.
 */
export function decidedItems(approval: Approval): object[] {
  const { status } = approval;
  const item = keptItem(approval);
  const acts = status.state === 'Approved' && ACTING.includes(status.decision);
  const pods = decidedPods(approval);
  if (!acts || pods.length === 0) return [withVerdict(item, approval, 1, Math.max(1, pods.length))];
  return pods.map((pod, index) => withVerdict(itemOfPod(item, pod), approval, index + 1, pods.length));
}

function withVerdict(item: Item, approval: Approval, part: number, parts: number): object {
  return { ...item, decision: { ...UNDECIDED, ...item.decision, ...verdictOf(approval, part, parts) } };
}

/** The incident's item as one of a pod that joined it. What was read and done of the first pod says nothing about this one. */
export function itemOfPod({ alert, decision }: Item, { namespace, name, uid, joined }: NamedPod): Item {
  const whole = { alert, decision };
  if (joined === null) return whole;
  const podUid = joined.inferred === true ? null : uid;
  const target = { namespace, pod: name, podUid, container: null, image: null };
  const subject = targetSubject(target);
  return {
    ...whole,
    alert: {
      ...alert,
      target,
      targetProblem: null,
      subject,
      time: joined.alertTime,
      receivedAt: joined.joinedAt,
      fields: {},
      output: `${subjectText(subject)} joined the incident by the same rule; the log line of its own alert has the facts.`,
      fingerprint: fingerprint(alert.rule, target),
      // Not the pass with which the incident is counted.
      ...(alert.incident === undefined
        ? {}
        : { incident: { ...alert.incident, why: 'joined', pass: alert.incident.pass + 1, repeats: 0 } }),
    },
  };
}

/** Reads the item that an Approval keeps. Its alert is as severe as the most severe one since. */
export function keptItem(approval: Pick<Approval, 'spec' | 'status'>): Item {
  const item = itemSchema.parse(JSON.parse(approval.spec.item));
  return { ...item, alert: { ...item.alert, priority: priorityOf(approval) } };
}

/** For an Approval that still waits: its time counts as over. */
const EXPIRED = { state: 'Expired', decidedBy: 'timeout', via: 'timeout' } as const;

function verdictOf(
  { spec, status }: Approval,
  part: number,
  parts: number,
): Pick<DecisionRecord, 'decision' | 'classification' | 'reason' | 'decidedAt' | 'approval'> {
  const { state, decidedBy, via } = status.state === undefined ? EXPIRED : status;
  const chosen = status.state === 'Approved' ? status.decision : null;
  const decidedAt = (status.state === undefined ? undefined : status.decidedAt) ?? spec.expiresAt;
  const what = state === 'Expired' ? 'Nobody decided in time' : `${state} by ${decidedBy} (${via})`;
  return {
    decision: decisionOf(state, chosen),
    classification: classificationOf(chosen),
    reason:
      `${notCarriedOut(status)}${what}${chosen === null ? '' : `: ${chosen}`}. Reason for the request: ${spec.why}`.slice(
        0,
        LONGEST_REASON,
      ),
    decidedAt,
    approval: {
      name: approvalName(spec.key ?? spec.incident),
      state,
      chosen,
      by: decidedBy,
      via,
      at: decidedAt,
      part,
      parts,
    },
  };
}

/** For a decision that was started as often as it may be. */
function notCarriedOut(status: Approval['status']): string {
  return isGivenUp(status) ? 'Not carried out, because n8n was stopped: look at the pod, and act by hand. ' : '';
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
