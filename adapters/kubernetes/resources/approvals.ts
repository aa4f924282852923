import { PipelineError } from '../../../core/errors';
import { CUSTOM_RESOURCES } from '../../../core/names';
import {
  type Approval,
  approvalName,
  approvalSchema,
  type DecidedStatus,
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
      return readApproval(client, approvalName(spec.key ?? spec.incident));
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

/** Writes an Approval's status, which the API server accepts once. @throws PipelineError `conflict`, `rejected` when it has one */
export async function writeApproval(
  client: KubernetesClient,
  approval: Approval,
  status: DecidedStatus,
): Promise<Approval> {
  const body = atVersion(newApproval(approval.spec), approval.metadata, status);
  return parse(await replaceStatus(client, PLURAL, body));
}

/** @throws PipelineError `not_found` */
export async function readApproval(client: KubernetesClient, name: string): Promise<Approval> {
  return parse(await readObject(client, PLURAL, name));
}

const parse = (object: CustomObject): Approval => readOwn(approvalSchema, 'Approval', object);
