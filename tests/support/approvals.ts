import type { Cluster } from '../../app/ports';
import { PipelineError } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import { isMoreSevere } from '../../core/incident/priority';
import { type Approval, approvalSchema, type ApprovalStatus, newApproval } from '../../core/response/approval';
import type { ApprovalNow, PodNow } from '../../core/response/approvalNow';
import { namedPods } from '../../core/response/approvalPods';
import type { PodState } from '../../core/response/offers';
import { alertOf, CONFIGURATION, contextOf } from './alerts';

/** Approvals in memory, with the API server's rules for their status (manifests/crds/approvals.yaml). */
export class ApprovalsInMemory
  implements
    Pick<
      Cluster,
      'requestApproval' | 'readApproval' | 'writeApproval' | 'waitingApprovals' | 'notCarriedOut' | 'readConfiguration'
    >
{
  private readonly kept = new Map<string, Approval>();
  private version = 0;
  /** What another worker does between a reading and the write that follows, once each. */
  readonly meanwhile: (() => Promise<unknown>)[] = [];

  requestApproval = (spec: Approval['spec']): Promise<Approval> => {
    const { metadata } = newApproval(spec);
    const approval = this.kept.get(metadata.name) ?? this.keep(metadata.name, spec, {});
    return Promise.resolve(structuredClone(approval));
  };

  readApproval = (name: string): Promise<Approval> => {
    const approval = this.kept.get(name);
    return approval === undefined
      ? Promise.reject(new PipelineError('not_found', `there is no Approval ${name}`, { nextStep: '' }))
      : Promise.resolve(structuredClone(approval));
  };

  writeApproval = async ({ metadata, spec }: Approval, status: ApprovalStatus): Promise<Approval> => {
    await this.meanwhile.shift()?.();
    const current = this.kept.get(metadata.name);
    if (current?.metadata.resourceVersion !== metadata.resourceVersion) throw conflict('conflict');
    const [before, after] = [current.status.pods ?? [], status.pods ?? []];
    if (current.status.state !== undefined && !isSameDecision(current.status, status)) throw conflict('rejected');
    if (JSON.stringify(after.slice(0, before.length)) !== JSON.stringify(before)) throw conflict('rejected');
    const { priority: raised } = current.status;
    if (raised !== undefined && (status.priority === undefined || isMoreSevere(raised, status.priority)))
      throw conflict('rejected');
    return structuredClone(this.keep(metadata.name, spec, status));
  };

  notCarriedOut = (): Promise<Approval[]> =>
    Promise.resolve(this.all().filter(({ status }) => status.state !== undefined && status.carriedOut === undefined));

  waitingApprovals = (): Promise<Approval[]> =>
    Promise.resolve(this.all().filter(({ status }) => status.state === undefined));

  readConfiguration = () => Promise.resolve(CONFIGURATION);

  all(): Approval[] {
    return structuredClone([...this.kept.values()]);
  }

  private keep(name: string, spec: Approval['spec'], status: ApprovalStatus): Approval {
    this.version += 1;
    const metadata = { name, resourceVersion: String(this.version) };
    const approval = approvalSchema.parse(JSON.parse(JSON.stringify({ metadata, spec, status })));
    this.kept.set(name, approval);
    return approval;
  }
}

/** Whether nothing but what became of a decision differs. */
function isSameDecision(before: ApprovalStatus, after: ApprovalStatus): boolean {
  const decided = (status: ApprovalStatus) =>
    JSON.stringify({ ...status, carriedOut: undefined, startedAgain: undefined, startedAgainAt: undefined });
  const wasDone = before.state === undefined ? undefined : before.carriedOut;
  const isDone = after.state === undefined ? undefined : after.carriedOut;
  return decided(before) === decided(after) && (wasDone === undefined || wasDone === isDone);
}

function conflict(code: 'conflict' | 'rejected'): PipelineError {
  return new PipelineError(code, 'somebody wrote it since', { nextStep: '' });
}

/** An alert of an incident about one of its pods; each pod has a uid of its own. */
export function alertOnPod(pod: string, change: Partial<Alert> = {}): Alert {
  const target = { namespace: 'shop', pod, podUid: `uid-${pod}`, container: null, image: null };
  return { ...alertOf('escalate-test'), id: 'an-incident', target, ...change };
}

/** What is known of an Approval's pods, each in the state of its position, else free and ready. */
export function nowOf(
  approval: Approval,
  states: readonly PodState[] = [],
  change: Partial<ApprovalNow> = {},
): ApprovalNow {
  const named = namedPods(approval);
  const context = contextOf(alertOf('escalate-test'));
  const pods = named.map((one, index): PodNow => {
    const state = states[index] ?? 'free';
    const isThere = state !== 'absent' && state !== 'unknown' && state !== 'unreadable';
    const pod = { ...context.pod, name: one.name, uid: one.uid ?? 'a-uid' };
    return { ...one, state, pod: isThere ? pod : null, quarantine: null };
  });
  return { pods, context, eviction: 'allowed', quarantines: [], configuration: null, ...change };
}
