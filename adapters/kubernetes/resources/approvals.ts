import { hasCode } from '../../../core/errors';
import { CUSTOM_RESOURCES } from '../../../core/names';
import {
  type Approval,
  approvalKey,
  approvalName,
  approvalSchema,
  type ApprovalStatus,
  newApproval,
} from '../../../core/response/approval';
import type { KubernetesClient } from '../api/client';
import {
  atVersion,
  createObject,
  type CustomObject,
  firstObjects,
  listObjects,
  readObject,
  readOwn,
  replaceStatus,
} from '../api/customObjects';
import { unlessGone } from '../api/errors';
import type { Right } from '../api/rights';
import { readable } from './readable';

const PLURAL = CUSTOM_RESOURCES.approvals;
/** Selects those without a state. */
export const WAITING = 'status.state=';

export const APPROVAL_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** Creates an Approval; gives the one that is there where there is one of its name. */
export async function requestApproval(client: KubernetesClient, spec: Approval['spec']): Promise<Approval> {
  try {
    return parseApproval(await createObject(client, PLURAL, newApproval(spec)));
  } catch (error) {
    if (hasCode(error, 'conflict')) return readApproval(client, approvalName(spec.key ?? spec.incident));
    throw error;
  }
}

/** Selects those that were decided, and of which nothing says that it was carried out. */
const NOT_CARRIED_OUT = 'status.state!=,status.carriedOut=';

/** How many of them are looked at each time: each holds an incident's item. */
const MOST_LOOKED_AT = 50;

/** Decisions of which nothing says that they were carried out. */
export async function notCarriedOut(client: KubernetesClient): Promise<Approval[]> {
  const items = await firstObjects(client, PLURAL, NOT_CARRIED_OUT, MOST_LOOKED_AT);
  const { read } = await readable(client, items, parseApproval);
  return read.filter(({ status }) => status.state !== undefined && status.carriedOut === undefined);
}

/** Everything that was put before a person and has no answer, the longest waiting first. */
export async function waitingApprovals(client: KubernetesClient): Promise<Approval[]> {
  const { items } = await listObjects(client, PLURAL, WAITING);
  const { read } = await readable(client, items, parseApproval);
  return read
    .filter(({ status }) => status.state === undefined)
    .sort((one, other) => one.spec.requestedAt.localeCompare(other.spec.requestedAt));
}

/**
 * Writes an Approval's status to the version that was read. The API server lets pods be appended and a decision be made
 * once. @throws PipelineError `conflict` when it was written since, `rejected` when it changes what must not change
 */
export async function writeApproval(
  client: KubernetesClient,
  approval: Approval,
  status: ApprovalStatus,
): Promise<Approval> {
  const body = atVersion(newApproval(approval.spec), approval.metadata, status);
  return parseApproval(await replaceStatus(client, PLURAL, body));
}

/** @throws PipelineError `not_found` */
export async function readApproval(client: KubernetesClient, name: string): Promise<Approval> {
  return parseApproval(await readObject(client, PLURAL, name));
}

/** An incident has no more (app/requestApproval.ts). */
const MOST_ROUNDS = 20;

/** The Approvals of an incident, in the order in which they were requested: their names follow from its id. */
export async function approvalsOf(client: KubernetesClient, incident: string): Promise<Approval[]> {
  const found: Approval[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const approval = await unlessGone(() => readApproval(client, approvalName(approvalKey(incident, round))));
    if (approval === null) break;
    found.push(approval);
  }
  return found;
}

export const parseApproval = (object: CustomObject): Approval => readOwn(approvalSchema, 'Approval', object);
