import type { Action } from '../core/incident/actions';
import type { ActionResponse, Escalation } from '../core/incident/response';
import type { Alert, Target } from '../core/incident/alert';
import type { FoundContext, PodContext, TargetContext } from '../core/incident/context';
import type { Exception, ExceptionStatus } from '../core/incident/exception';
import type { Evidence } from '../core/incident/evidence';
import type { Incident } from '../core/incident/incident';
import type { Configuration } from '../core/incident/responsePolicy';
import type { Share } from '../core/policy/concurrentShare';
import type { Claim } from '../core/remediation/claim';
import type { Unit } from '../core/policy/budget';
import type { Approval, ApprovalStatus } from '../core/response/approval';
import type { EvictionCheck } from '../core/response/approvalNow';
import type { NetworkReading } from '../core/response/networkReading';
import type { QuarantineRecord, RecordChange, RecordStatus } from '../core/response/record';
import type { IncidentStore } from './incidents/ports';
import type { RetentionStore } from './retention/ports';
import type { ActionInput, ActionResult, Freshness } from './action';

/** Why no unit of the budget was given, and the guardrail that says so. */
export interface BudgetDenial {
  guardrail: 'budget' | 'workload_share';
  reason: string;
}

/** What of an alert says which pod is read, and for which incident: its id, or an empty text. */
export type ReadSubject = Pick<Alert, 'id' | 'target' | 'targetProblem'> & {
  /** For the facts about its pod; absent for a pod that was chosen without one. */
  alert?: Alert;
};

/** A notice that is recorded once: its Event has this name, and the API server refuses a second one. */
export interface Notice {
  reason: string;
  name: string;
  message: string;
}

/** Who the responder is for the API server, and how long its token lives. */
export interface Access {
  user: string;
  server: string;
  /** ISO 8601; null for a token that does not say when it ends. */
  tokenExpires: string | null;
  /** Whether the kubelet renews the token: it does so with a projected one. */
  renewed: boolean;
  /** What to do before the token ends, or null while there is time. */
  warning: string | null;
}

/**
 * The cluster as the use cases need it. Every method throws PipelineError `unreachable`, `forbidden` or `rejected` where
 * the API server does not do what was asked, unless it says otherwise.
 */
export interface Cluster {
  /** Carries out an action. perform.ts makes the checks that concern every action. */
  /**
   * Writes down what the pod is before anything is done to it, while the budget is asked; null where an action makes no
   * record, or has to look for the one that there is.
   */
  beginRecord: (action: Action, input: ActionInput) => Promise<QuarantineRecord | null>;
  runAction: (action: Action, input: ActionInput) => Promise<ActionResult>;
  /** Reads everything that policy needs. `incident` is the id whose budget unit is not counted against it. */
  loadPodState: (
    target: Target,
    incident: string,
    now: Date,
    freshness: Freshness,
    /** For the facts about its pod, as far as no further call is needed. */
    alert: Alert,
  ) => Promise<TargetContext>;
  /** Reads a namespace now. `conflict` when its mode or its deletion is not as in a reading that was judged. */
  confirmNamespace: (judged: FoundContext['namespace']) => Promise<void>;
  /** Like loadPodState, from what was read now; an error of the API server becomes the context `unavailable`. */
  tryLoadPodState: (target: Target, incident: string, now: Date) => Promise<TargetContext>;
  /** Whether the API server has just started and refuses what it will permit in a moment. Does not throw. */
  isStarting: () => Promise<boolean>;
  /** Reads what explains an alert: the pod's state, the facts about it, and its Events. */
  readContext: (target: Target, incident: string, now: Date, alert?: Alert) => Promise<TargetContext>;
  /** `not_found` when there is no pod of that name. */
  readPod: (namespace: string, name: string) => Promise<PodContext>;
  /** Does not throw: what could not be captured within the time is named in the evidence. */
  captureEvidence: (context: FoundContext, evidenceMs: number, now: () => Date) => Promise<Evidence>;
  /** The network policies that may concern the pods of a namespace. */
  readNetwork: (namespace: string) => Promise<NetworkReading>;
  /** The ResponsePolicy's configuration. */
  readConfiguration: () => Promise<Configuration>;
  /** Has the API server check an eviction without carrying it out. Does not throw for what it answers. */
  checkEviction: (namespace: string, pod: string, uid: string) => Promise<EvictionCheck>;
  /** Why the clock of this process cannot be trusted, or null. Makes no call. */
  clockProblem: (now: Date) => string | null;
  /** Who the responder is for the API server. */
  checkAccess: (now: Date) => Promise<Access>;
  /** Creates an Approval; where there is one of its name, it is given as it is. */
  requestApproval: (spec: Approval['spec']) => Promise<Approval>;
  readApproval: (name: string) => Promise<Approval>;
  /** The Approvals of an incident, by its id, in the order in which they were requested. */
  approvalsOf: (incident: string) => Promise<Approval[]>;
  /** What Pulumi Neo was asked for about an incident, by its id; null where it was not asked, or PostgreSQL keeps it. */
  taskOf: (incident: string) => Promise<Claim | null>;
  /** Approvals that nobody has decided, the longest waiting first. */
  waitingApprovals: () => Promise<Approval[]>;
  /** Decisions of which nothing says that they were carried out. */
  notCarriedOut: () => Promise<Approval[]>;
  /** Writes an Approval's status to the version that was read. `conflict` when it was written since, `rejected` when it was decided. */
  writeApproval: (approval: Approval, status: ApprovalStatus) => Promise<Approval>;
  /** Where incidents are kept. */
  incidents: IncidentStore;
  /** What is pruned. */
  retention: RetentionStore;
  /** The exception that matches an alert and the pod that it names, as the API server knows it; null when there is none. */
  findException: (alert: Alert, now: Date) => Promise<Exception | null>;
  /** Adds events to an exception's status, now or with the next ones. Does not throw for what the API server answers. */
  countMatches: (name: string, events: number, now: Date) => Promise<void>;
  /** All exceptions that can be read. */
  listExceptions: () => Promise<Exception[]>;
  /** Changes the status of exceptions, whatever another worker wrote. What the change gives back as it is is not written. */
  changeExceptions: (names: readonly string[], change: (status: ExceptionStatus) => ExceptionStatus) => Promise<void>;
  /** All Quarantine records that can be read; a moment old where a watch has them. */
  records: () => Promise<QuarantineRecord[]>;
  /** The Quarantine records of pods that are, or may be, isolated, read now; one that cannot be read is left out. */
  openRecords: () => Promise<QuarantineRecord[]>;
  /** The record of a pod's last isolation, read now; null when there is none. */
  findRecord: (uid: string) => Promise<QuarantineRecord | null>;
  /**
   * Adds facts to a record's status, whatever another worker wrote. A record in a final state stays as it is, and so does one for
   * whose status the change is null.
   */
  markRecord: (name: string, change: RecordChange | ((status: RecordStatus) => RecordChange | null)) => Promise<void>;
  /** Records that the pod no longer exists: by our deletion if the record was made for one, else by somebody else's. */
  closeRecord: (action: Action, target: Target, now: Date) => Promise<void>;
  /**
   * Takes a unit of the budget in one versioned write. Null when it was taken.
   * @param granted is called when there is a unit, before it is written: another worker may still be faster
   */
  reserve: (
    unit: Unit,
    share: Share | null,
    now: Date,
    dryRun: boolean,
    granted: () => void,
  ) => Promise<BudgetDenial | null>;
  /** Gives a pod's unit back. */
  giveBack: (unit: Unit) => Promise<void>;
  /** Leaves an Event on the pod that an action changed. Returns why there is none, or null; does not throw. */
  recordAction: (incident: Incident, response: ActionResponse, now: Date) => Promise<string | null>;
  /** Leaves an Event that the incident needs a person. Does not throw for what the API server answers. */
  recordEscalation: (incident: Incident, now: Date) => Promise<Escalation>;
  /** Leaves an Event on the responder that an execution failed. Does not throw for what the API server answers. */
  recordFailure: (message: string, now: Date) => Promise<Escalation>;
  /** Leaves an Event on the responder, once. Does not throw for what the API server answers. */
  recordOnce: (notice: Notice, now: Date) => Promise<void>;
}
