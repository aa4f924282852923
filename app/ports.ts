import type { Action } from '../core/incident/actions';
import type { ActionResponse } from '../core/incident/response';
import type { Target } from '../core/incident/alert';
import type { TargetContext } from '../core/incident/context';
import type { Incident } from '../core/incident/incident';
import type { Share } from '../core/policy/inFlight';
import type { Unit } from '../core/policy/budget';
import type { Approval, ApprovalStatus } from '../core/response/approval';
import type { QuarantineRecord } from '../core/response/record';
import type { ActionInput, ActionResult, Freshness } from './action';

/** Why no unit of the budget was given, and the guardrail that says so. */
export interface BudgetDenial {
  guardrail: 'budget' | 'workload_share';
  reason: string;
}

/** A notice that is recorded once: its Event has this name, and the API server refuses a second one. */
export interface Notice {
  reason: string;
  name: string;
  message: string;
}

/**
 * The cluster as the use cases need it. Every method throws PipelineError `unreachable`, `forbidden` or `rejected` where
 * the API server does not do what was asked, unless it says otherwise.
 */
export interface Cluster {
  /** Carries out an action. perform.ts makes the checks that concern every action. */
  runAction: (action: Action, input: ActionInput) => Promise<ActionResult>;
  /** Reads everything that policy needs. `incident` is the id whose budget unit is not counted against it. */
  loadPodState: (target: Target, incident: string, now: Date, freshness: Freshness) => Promise<TargetContext>;
  /** Why the clock of this process cannot be trusted, or null. Makes no call. */
  clockProblem: (now: Date) => string | null;
  readApproval: (name: string) => Promise<Approval>;
  /** Approvals that nobody has decided, the longest waiting first. */
  waitingApprovals: () => Promise<Approval[]>;
  /** Writes an Approval's status. `conflict` or `rejected` when it has one already. */
  writeApproval: (approval: Approval, status: ApprovalStatus) => Promise<Approval>;
  /** All Quarantine records. */
  records: () => Promise<QuarantineRecord[]>;
  /** Records that the pod no longer exists: by our deletion if the record was made for one, else by somebody else's. */
  closeRecord: (action: Action, uid: string, now: Date) => Promise<void>;
  /** Takes a unit of the budget in one versioned write. Null when it was taken. */
  reserve: (unit: Unit, share: Share | null, now: Date, dryRun: boolean) => Promise<BudgetDenial | null>;
  /** Gives a pod's unit back. */
  giveBack: (unit: Unit) => Promise<void>;
  /** Leaves an Event on the pod that an action changed. Returns why there is none, or null; does not throw. */
  recordAction: (incident: Incident, response: ActionResponse, now: Date) => Promise<string | null>;
  /** Leaves an Event on the responder, once. Does not throw for what the API server answers. */
  recordOnce: (notice: Notice, now: Date) => Promise<void>;
}
