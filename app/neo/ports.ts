import type { Claim, ClaimSpec } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import type { NeoEvent, NeoTaskDescription } from '../../core/remediation/events';
import type { TaskRequest } from '../../core/remediation/taskRequest';

/**
 * The result of a request for a task.
 * - `made`: there is one
 * - `refused`: there is certainly no task
 * - `uncertain`: no answer came, or none that can be read: there may be one
 */
export type Creation =
  | { result: 'made'; id: string }
  | { result: 'refused'; problem: string }
  | { result: 'uncertain'; problem: string };

/** A person's answer to an approval request. */
export interface Confirmation {
  requestId: string;
  ok: boolean;
  /** What Neo is to do instead, when it is not approved. */
  instructions: string;
}

/** How far to follow a task's events. */
export interface Following {
  /** Id of the last event that was seen before; empty for all of them. */
  after: string;
  /** How long to follow, milliseconds. */
  patienceMs: number;
  /** How long to rest before a connection that broke is made again. */
  restMs?: number;
}

export interface Followed {
  events: NeoEvent[];
  /** Whether Neo's turn is over; else the time to follow was. */
  ended: boolean;
}

/**
 * Pulumi Neo as the use cases need it. Every method throws PipelineError where Pulumi Cloud does not do what was
 * requested, unless it says otherwise.
 */
export interface Neo {
  /** The organization whose tasks these are. */
  organization: string;
  /** Sends one request for a task, since Neo has no idempotency key. Does not throw for what Pulumi Cloud answers. */
  createTask: (request: TaskRequest, now: Date) => Promise<Creation>;
  /** The organization's tasks that the token may see. */
  listTasks: () => Promise<NeoTaskDescription[]>;
  readTask: (id: string) => Promise<NeoTaskDescription>;
  /** All events of a task, in order. */
  readEvents: (id: string) => Promise<NeoEvent[]>;
  /** A task's events as they happen, until Neo's turn is over. */
  followEvents: (id: string, following: Following) => Promise<Followed>;
  /** Answers an approval request. `conflict` when Neo waits for no answer, or for another one. */
  confirm: (id: string, confirmation: Confirmation, now: Date) => Promise<void>;
  cancelTask: (id: string) => Promise<void>;
  /** Where a person sees a task. Makes no call. */
  consoleUrl: (id: string) => string;
}

/** Claims of one finding that are looked at: PagerDuty's can be made in any number by a holder of a routing key. */
export const MOST_OF_FINDING = 50;

/**
 * Where claims are kept, so that an incident has one task whichever worker its alert reaches: Kubernetes or PostgreSQL.
 * All methods throw PipelineError when the store cannot be reached.
 */
export interface ClaimStore {
  /** Claims an incident, or gives the claim that is there. Of any number at once exactly one gets `mine`. */
  claim: (spec: ClaimSpec) => Promise<{ claim: Claim; mine: boolean }>;
  /** Writes a claim's status; null when another worker has written since it was read. */
  update: (claim: Claim, status: ClaimStatus) => Promise<Claim | null>;
  /** Claims of which something is left to be done. */
  unsettled: () => Promise<Claim[]>;
  find: (incident: string) => Promise<Claim | null>;
  /** Claims of this finding, at most MOST_OF_FINDING of them. None that was created before this call is left out otherwise. */
  ofFinding: (key: string) => Promise<Claim[]>;
}

/** What the use cases of Neo's tasks work with. */
export interface TaskPorts {
  neo: Neo;
  claims: ClaimStore;
  now: () => Date;
  /** How long to rest before each look for a task whose id was lost, milliseconds. */
  looksMs?: readonly number[];
}
