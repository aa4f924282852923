import { z } from 'zod/v4';

import { type IncidentRecord, statusOf } from '../incident/incidentRecord';
import { subjectText, targetSubject } from '../incident/subject';
import { type Claim, placeOfClaim } from '../remediation/claim';
import { factsOf as factsOfClaim } from '../remediation/claimStatus';
import type { Approval } from '../response/approval';
import { priorityOf } from '../response/approvalPriority';
import { factsOf, type QuarantineRecord, stateOf } from '../response/record';
import { PipelineError } from '../errors';
import { sanitize } from '../text/sanitize';
import { type FinalRecord, finalRecordSchema } from './finalRecord';
import { type OpenRecords, reference } from './openRecords';

/** Limits in UTF-16 units, so that a line stays within a few kilobytes whatever a record holds. */
const LIMITS = { state: 64, text: 512, detail: 256 } as const;

/** What is kept of a record that is pruned, masked and bounded: enough to find out what was decided, by whom and when. */
export const lastStateSchema = finalRecordSchema.extend({
  incident: z.string(),
  state: z.string(),
  decision: z.string().optional(),
  decidedBy: z.string().optional(),
  rule: z.string().optional(),
  subject: z.string().optional(),
  reason: z.string().optional(),
  /** The pod that it is about, by uid. */
  podUid: z.string().optional(),
  /** Times and whatever else the kind knows. */
  details: z.record(z.string(), z.string()),
});
export type LastState = z.infer<typeof lastStateSchema>;

/** An item of a workflow that prunes. */
const itemSchema = z.object({ record: lastStateSchema });

/** Whether an item is a record that is pruned, and no incident. */
export function isRecordItem(json: Readonly<Record<string, unknown>>): boolean {
  return 'record' in json && !('alert' in json);
}

/** Reads the record of an item. @throws PipelineError `bad_item` */
export function readRecordItem(json: Readonly<Record<string, unknown>>): LastState {
  const result = itemSchema.safeParse(json);
  if (result.success) return result.data.record;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'bad_item',
    `the item is not a record to prune: ${issue?.path.join('.') ?? 'item'}: ${issue?.message ?? 'invalid'}`,
    { nextStep: 'Connect this node after Record: Get Expired, and do not change the key record.' },
  );
}

type Detail = string | number | undefined;
type Said = Partial<Record<'decision' | 'decidedBy' | 'rule' | 'subject' | 'reason' | 'podUid', string | undefined>> & {
  incident: string;
  state: string;
  details: Readonly<Record<string, Detail>>;
};

/** Whether an open record is about the same incident or pod. */
export function isNeeded({ incident, podUid }: LastState, { incidents, pods }: OpenRecords): boolean {
  return incidents.has(incident) || (podUid !== undefined && pods.has(podUid));
}

export function lastStateOfIncident(of: FinalRecord, record: IncidentRecord): LastState {
  const { source, rule, subject } = record.spec;
  const { incident, state, reason, decision, priority, count, opening, passed, firstSeen, lastSeen, changedAt } =
    statusOf(record);
  return kept(of, {
    incident,
    state,
    decision,
    rule,
    subject: subjectText({ ...subject, namespace: subject.namespace ?? null }),
    reason,
    details: { source, priority, count, opening, passed, firstSeen, lastSeen, settledAt: changedAt },
  });
}

export function lastStateOfApproval(of: FinalRecord, approval: Approval): LastState {
  const { spec, status } = approval;
  const { incident, pod, subject, rule, why, proposal, requestedAt, expiresAt } = spec;
  const about = subject ?? (pod === undefined ? undefined : targetSubject({ namespace: pod.namespace, pod: pod.name }));
  const decided = status.state === undefined ? undefined : status;
  return kept(of, {
    incident,
    state: status.state ?? '',
    decision: status.state === 'Approved' ? status.decision : undefined,
    decidedBy: decided?.decidedBy,
    rule,
    subject: about === undefined ? undefined : subjectText({ ...about, namespace: about.namespace ?? null }),
    reason: why,
    podUid: pod?.uid,
    details: {
      priority: priorityOf(approval),
      proposed: proposal?.decision,
      via: decided?.via,
      requestedAt,
      expiresAt,
      decidedAt: decided?.decidedAt,
    },
  });
}

export function lastStateOfQuarantine(of: FinalRecord, record: QuarantineRecord): LastState {
  const { incident, pod, workload, decision, requestedAt, until } = record.spec;
  const { contained, quarantinedAt, changedAt, confirmedBy, note } = factsOf(record);
  return kept(of, {
    incident,
    state: stateOf(record),
    decision: decision.decision,
    decidedBy: decision.approvedBy ?? decision.by,
    subject: subjectText(targetSubject({ namespace: pod.namespace, pod: pod.name })),
    reason: decision.reason,
    podUid: pod.uid,
    details: {
      workload: workload === undefined ? undefined : `${workload.kind}/${workload.name}`,
      contained,
      requestedAt,
      quarantinedAt,
      until,
      endedAt: changedAt,
      confirmedBy,
      note,
    },
  });
}

export function lastStateOfClaim(of: FinalRecord, claim: Claim): LastState {
  const { spec, status } = claim;
  const { taskId, taskCreatedAt, problem } = factsOfClaim(status);
  const { repository, stack } = placeOfClaim(claim);
  return kept(of, {
    incident: spec.incident,
    state: status.state ?? '',
    reason: problem,
    details: {
      task: taskId,
      organization: spec.organization,
      repository,
      stack,
      claimedAt: spec.claimedAt,
      taskCreatedAt,
      resolvedAt: status.overAt,
      settledAt: status.settledAt,
    },
  });
}

/** What a record said, as it may be shown and stored. What it did not say is left out. */
function kept(of: FinalRecord, { incident, podUid, state, details, ...texts }: Said): LastState {
  return lastStateSchema.parse({
    ...of,
    incident: reference(incident),
    ...(podUid === undefined ? {} : { podUid: reference(podUid) }),
    state: sanitize(state, LIMITS.state),
    ...shown(texts, LIMITS.text),
    details: shown(details, LIMITS.detail),
  });
}

function shown(values: Readonly<Record<string, Detail>>, limit: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter((entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '')
      .map(([name, value]) => [name, sanitize(String(value), limit)]),
  );
}
