import { PipelineError } from '../../../core/errors';
import { CUSTOM_RESOURCES } from '../../../core/names';
import {
  type Approval,
  approvalName,
  approvalSchema,
  type ApprovalStatus,
  type Choice,
  chosen,
  newApproval,
} from '../../../core/response/approval';
import type { KubernetesClient } from '../api/client';
import {
  atVersion,
  createObject,
  type CustomObject,
  listObjects,
  readObject,
  readOwn,
  replaceStatus,
} from '../api/customObjects';
import type { Right } from '../api/rights';

const PLURAL = CUSTOM_RESOURCES.approvals;

export const APPROVAL_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** Puts an incident before a person. A second request for the same incident finds the first. */
export async function requestApproval(client: KubernetesClient, spec: Approval['spec']): Promise<Approval> {
  try {
    return parse(await createObject(client, PLURAL, newApproval(spec)));
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'conflict')
      return readApproval(client, approvalName(spec.incident));
    throw error;
  }
}

/** Everything that was put before a person and has no answer, the longest waiting first. */
export async function waitingApprovals(client: KubernetesClient): Promise<Approval[]> {
  const { items } = await listObjects(client, PLURAL);
  return items
    .map(parse)
    .filter(({ status }) => status.state === undefined)
    .sort((one, other) => one.spec.requestedAt.localeCompare(other.spec.requestedAt));
}

export interface Verdict {
  choice: Choice;
  by: string;
  via: 'form' | 'link';
}

/**
 * Takes a person's decision, once: the API server lets nobody set an Approval's status a second time.
 * @throws PipelineError `conflict` when it was decided before or its time is over, `not_found` without such an Approval
 */
export async function decideApproval(
  client: KubernetesClient,
  name: string,
  verdict: Verdict,
  now: Date,
): Promise<Approval> {
  const approval = await readApproval(client, name);
  const { state, decidedBy } = approval.status;
  if (state !== undefined) throw already(approval, `${state} by ${decidedBy ?? 'nobody'}`);
  if (isOver(approval, now)) {
    await expire(client, approval, now);
    throw already(approval, 'its time was over');
  }
  const outcome = chosen(verdict.choice, proposalOf(approval));
  if (typeof outcome === 'string')
    throw new PipelineError('rejected', `incident ${approval.spec.incident}: ${outcome}`, {
      nextStep: 'Open the page again and choose delete, quarantine, release or ignore.',
      incidentId: approval.spec.incident,
    });
  const status: ApprovalStatus = {
    ...outcome,
    decidedBy: verdict.by,
    via: verdict.via,
    decidedAt: now.toISOString(),
  };
  return write(client, approval, status);
}

/** Ends the waiting of what nobody decided in time; the pods stay as they are. */
export async function expireApprovals(client: KubernetesClient, now: Date): Promise<Approval[]> {
  const over = (await waitingApprovals(client)).filter((approval) => isOver(approval, now));
  const expired = await Promise.all(over.map((approval) => expire(client, approval, now)));
  return expired.filter((approval) => approval !== null);
}

async function expire(client: KubernetesClient, approval: Approval, now: Date): Promise<Approval | null> {
  try {
    return await write(client, approval, {
      state: 'Expired',
      decidedBy: 'timeout',
      via: 'timeout',
      decidedAt: now.toISOString(),
    });
  } catch (error) {
    // Somebody decided at the last moment.
    if (error instanceof PipelineError && error.code === 'conflict') return null;
    throw error;
  }
}

async function write(client: KubernetesClient, approval: Approval, status: ApprovalStatus): Promise<Approval> {
  try {
    const body = atVersion(newApproval(approval.spec), approval.metadata, status);
    return parse(await replaceStatus(client, PLURAL, body));
  } catch (error) {
    if (error instanceof PipelineError && (error.code === 'conflict' || error.code === 'rejected'))
      throw already(approval, 'somebody else at the same moment');
    throw error;
  }
}

function isOver({ spec }: Approval, now: Date): boolean {
  return Date.parse(spec.expiresAt) <= now.getTime();
}

function already({ spec }: Approval, how: string): PipelineError {
  return new PipelineError('conflict', `incident ${spec.incident} was decided already: ${how}`, {
    nextStep: 'Nothing more to do; kubectl get approvals -n n8n shows what was decided.',
    incidentId: spec.incident,
  });
}

function proposalOf({
  spec,
}: Approval): { decision: 'delete_pod' | 'quarantine_pod' | 'ignore' | 'escalate' } | undefined {
  const decision = (['delete_pod', 'quarantine_pod', 'ignore'] as const).find(
    (name) => name === spec.proposal?.decision,
  );
  return decision === undefined ? undefined : { decision };
}

/** @throws PipelineError `not_found` */
export async function readApproval(client: KubernetesClient, name: string): Promise<Approval> {
  return parse(await readObject(client, PLURAL, name));
}

const parse = (object: CustomObject): Approval => readOwn(approvalSchema, 'Approval', object);
