import type { Alert } from '../incident/alert';
import { refuseAction } from '../policy/refuseAction';
import { brief } from '../text/sanitize';
import type { Choice } from './approval';
import type { ApprovalNow, PodNow } from './approvalNow';
import { treatmentOf } from './workloadKinds';

/** What may become of a pod when a person's choice is carried out now. */
type Fate = 'acted on' | 'as it is' | 'gone' | 'no uid' | 'unreadable' | { refused: string };

type Acting = Extract<Choice, 'delete_pod' | 'quarantine_pod' | 'release_pod'>;

/** Of a preview, and of each reason in it. */
const [LONGEST, LONGEST_REASON, REASONS] = [900, 200, 3];

/**
 * What a choice would do if it were made now, for a person. Everything is read and judged again when it is made; what cannot
 * be known is said to be unknown.
 * @param alert the incident's; null when it cannot be read
 */
export function previewOf(choice: Exclude<Choice, 'approve'>, alert: Alert | null, now: ApprovalNow): string {
  const parts = choice === 'reject' || choice === 'ignore' ? nothing(choice, now) : acting(choice, alert, now);
  return brief(parts.filter((part) => part !== '').join(' '), LONGEST);
}

function nothing(choice: 'reject' | 'ignore', { pods }: ApprovalNow): string[] {
  const kept = pods.filter(({ state }) => state === 'quarantined').length;
  return [
    kept === 0
      ? 'Nothing is done to any pod.'
      : `Nothing is done: ${counted(kept, 'pod')} ${kept === 1 ? 'stays' : 'stay'} in quarantine.`,
    choice === 'ignore' ? 'The incident counts as a false positive.' : 'The incident counts as not judged.',
  ];
}

function acting(action: Acting, alert: Alert | null, now: ApprovalNow): string[] {
  const fates = now.pods.map((pod) => ({ pod, fate: fateOf(action, pod, alert, now) }));
  const acted = fates.filter(({ fate }) => fate === 'acted on').map(({ pod }) => pod);
  const isUnknown = fates.some(({ fate }) => fate === 'unreadable');
  return [
    ...(acted.length > 0
      ? effect(action, acted, now)
      : [isUnknown ? 'What it would do is unknown.' : 'It would act on no pod.']),
    ...rest(
      action,
      fates.map(({ fate }) => fate),
    ),
  ];
}

function fateOf(action: Acting, named: PodNow, alert: Alert | null, { context }: ApprovalNow): Fate {
  const { state, pod, uid, quarantine } = named;
  if (state === 'absent' || state === 'unknown') return 'gone';
  if (uid === null) return 'no uid';
  if (state === 'unreadable' || pod === null) return 'unreadable';
  if (action === 'quarantine_pod' && state === 'quarantined') return 'as it is';
  if (action === 'release_pod' && state !== 'quarantined') return 'as it is';
  if (context === null || alert === null) return 'unreadable';
  const podUid = named.joined === null ? (alert.target?.podUid ?? null) : named.joined.inferred === true ? null : uid;
  const target = { namespace: named.namespace, pod: named.name, podUid, container: null, image: null };
  const refusal = refuseAction(
    action,
    { alert: { ...alert, target, time: named.joined?.alertTime ?? alert.time } },
    { ...context, pod, quarantine },
    // The most that a workflow allows is another's to say.
    { mode: 'autonomous', approved: true },
  );
  return refusal === null ? 'acted on' : { refused: refusal.reason };
}

const VERBS: Readonly<Record<Acting, string>> = {
  delete_pod: 'Deletes',
  quarantine_pod: 'Isolates',
  release_pod: 'Releases',
};

function effect(action: Acting, acted: readonly PodNow[], now: ApprovalNow): string[] {
  const verb = VERBS[action];
  if (action === 'release_pod')
    return [
      `${verb} ${counted(acted.length, 'pod')} from quarantine with exactly the labels that ${acted.length === 1 ? 'it' : 'they'} had.`,
      'A pod whose ReplicaSet has all its replicas again is evicted instead.',
    ];
  const { context } = now;
  const workload = context?.workload ?? null;
  const replicas =
    workload === null
      ? []
      : acted.filter(({ pod }) => pod?.owner?.kind === workload.kind && pod.owner.name === workload.name);
  const others = acted.length - replicas.length;
  const end = action === 'delete_pod' ? ['Evidence is kept first.'] : [];
  if (context === null || workload === null || replicas.length === 0)
    return [`${verb} ${counted(acted.length, 'pod')}; ${UNCOUNTED}.`, ...end];
  const { kind, name } = workload.top;
  const left = Math.max(0, workload.ready - replicas.filter(({ pod }) => pod?.ready === true).length);
  const isReplaced = action === 'delete_pod' || treatmentOf(workload.kind).detach;
  return [
    `${verb} ${replicas.length} of ${counted(workload.desired, 'replica')} of ${kind} ${context.namespace.name}/${name}${others === 0 ? '' : ` and ${counted(others, 'pod')} that ${others === 1 ? 'is' : 'are'} no longer counted among them`};`,
    `${left === 0 ? 'no ready replica remains' : `${left} ready ${left === 1 ? 'remains' : 'remain'}`}${isReplaced ? ' until its controller has started others' : ''}.`,
    disruption(now, replicas.length),
    beyondPolicy(now, replicas.length),
    ...end,
  ];
}

/** Bare pods, pods that were detached, and pods whose owner cannot be read. */
const UNCOUNTED = 'no workload is known to count on it as a replica';

/** PodDisruptionBudgets are about evictions: an isolation and a deletion do not ask them, which a person should know. */
function disruption({ eviction }: ApprovalNow, count: number): string {
  const which = count === 1 ? 'it' : 'one of them';
  switch (eviction) {
    case 'allowed':
      return `No PodDisruptionBudget forbids evicting ${which}${count === 1 ? '' : '; of several at once that is unknown'}.`;
    case 'forbidden':
      return `A PodDisruptionBudget forbids evicting ${which}; this is done all the same.`;
    case 'unknown':
      return 'Whether a PodDisruptionBudget allows it is unknown.';
  }
}

/** A person's decision replaces the limits of what policy does by itself. */
function beyondPolicy({ context, configuration }: ApprovalNow, count: number): string {
  if (context?.workload == null || configuration === null) return '';
  const { desired, contained, kind } = context.workload;
  const percent = configuration.workloadSharePercent;
  const most = Math.floor((desired * percent) / 100);
  const spent = context.policy.status === 'read' ? context.policy.exhausted : null;
  const limits = [
    ...(kind !== 'Job' && contained + count > most
      ? [`at most ${most} of its replicas (${percent} %) may be contained at a time`]
      : []),
    ...(spent === null ? [] : [spent]),
  ];
  return limits.length === 0
    ? ''
    : `Policy would not do this by itself: ${limits.join('; ')}. Your decision replaces that.`;
}

function rest(action: Acting, fates: readonly Fate[]): string[] {
  const of = (fate: Fate): number => fates.filter((one) => one === fate).length;
  const say = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${counted(count, 'pod')} ${count === 1 ? one : many}.`];
  const reasons = [...new Set(fates.flatMap((fate) => (typeof fate === 'object' ? [fate.refused] : [])))];
  const refused = fates.filter((fate) => typeof fate === 'object').length;
  const where = action === 'release_pod' ? 'not in quarantine' : 'in quarantine already';
  return [
    ...say(of('as it is'), `is ${where}`, `are ${where}`),
    ...say(of('gone'), 'no longer exists', 'no longer exist'),
    ...say(of('no uid'), 'is not acted on: its uid is unknown', 'are not acted on: their uids are unknown'),
    ...say(
      of('unreadable'),
      'could not be read: it is read again first',
      'could not be read: they are read again first',
    ),
    ...(refused === 0
      ? []
      : [
          `Policy refuses ${counted(refused, 'pod')}: ${reasons
            .slice(0, REASONS)
            .map((reason) => brief(reason, LONGEST_REASON))
            .join('; ')}.`,
        ]),
  ];
}

/** "1 pod", "3 pods" */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
