import { hasCode } from '../core/errors';
import type { Approval, ApprovalStatus } from '../core/response/approval';
import type { Cluster } from './ports';

/** Beyond so many lost races something else is wrong. */
const ATTEMPTS = 10;

/** The status to write, or a result without writing. */
type Change<T> = { status: ApprovalStatus } | { result: T };

/**
 * Writes what a change makes of an Approval, or gives the change's result; again, with what is there by then, when somebody
 * wrote in between. @throws PipelineError `conflict`, `rejected` after too many lost races
 */
export async function changeApproval<T>(
  cluster: Pick<Cluster, 'readApproval' | 'writeApproval'>,
  approval: Approval,
  change: (current: Approval) => Change<T> | Promise<Change<T>>,
): Promise<Approval | T> {
  let current = approval;
  for (let attempt = 1; ; attempt += 1) {
    const next = await change(current);
    if ('result' in next) return next.result;
    try {
      return await cluster.writeApproval(current, next.status);
    } catch (error) {
      // `rejected`: a decision was made, which the API server protects even where versions are not compared.
      if (!hasCode(error, 'conflict', 'rejected')) throw error;
      if (attempt === ATTEMPTS) throw error;
      current = await cluster.readApproval(approval.metadata.name);
    }
  }
}
