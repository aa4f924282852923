import type { Act } from './acts.js';
import type { PlannedAlert } from './alerts.js';
import type { Decided } from './decisions.js';
import type { Answer } from './sender.js';

/** An alert that was sent. */
export interface SentAlert extends PlannedAlert, Answer {
  podUid: string;
  /** In ms since 1970. */
  at: number;
}

/** What became of an alert. */
export interface Outcome {
  alert: SentAlert;
  /** How often it was decided. */
  decisions: number;
  /** Whether it was decided only after reconciliation began. */
  isLate: boolean;
  /** Whether the playbook acts on the alert's pod, and nothing was done to it. */
  isNotActedOn: boolean;
}

export interface Tally {
  sent: number;
  accepted: number;
  decided: number;
  twice: number;
  late: number;
  lost: number;
  /** Of the lost ones, those that n8n had accepted. */
  lostAccepted: number;
  /** Of the decided ones, those on whose pod the playbook acts and nothing was done: a person has to. */
  notActedOn: number;
}

/** @param reconciledAt when reconciliation began, in ms since 1970; undefined before that */
export function outcomesOf(
  alerts: readonly SentAlert[],
  decisions: readonly Decided[],
  acts: readonly Act[],
  reconciledAt: number | undefined,
): Outcome[] {
  const byPod = new Map<string | null, Decided[]>();
  for (const decided of decisions) byPod.set(decided.podUid, [...(byPod.get(decided.podUid) ?? []), decided]);
  const acted = new Set(acts.map(({ pod }) => pod));
  return alerts.map((alert) => {
    const passes = byPod.get(alert.podUid) ?? [];
    const wantsAct = alert.expected === 'delete_pod' || alert.expected === 'quarantine_pod';
    return {
      alert,
      decisions: passes.length,
      isLate: passes.length > 0 && reconciledAt !== undefined && passes.every(({ at }) => at >= reconciledAt),
      isNotActedOn: wantsAct && !acted.has(`${alert.namespace}/${alert.pod}`),
    };
  });
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const count = (is: (outcome: Outcome) => boolean): number => outcomes.filter(is).length;
  return {
    sent: outcomes.length,
    accepted: count(({ alert }) => alert.accepted),
    decided: count(({ decisions }) => decisions > 0),
    twice: count(({ decisions }) => decisions > 1),
    late: count(({ isLate }) => isLate),
    lost: count(({ decisions }) => decisions === 0),
    lostAccepted: count(({ alert, decisions }) => alert.accepted && decisions === 0),
    notActedOn: count(({ decisions, isNotActedOn }) => decisions > 0 && isNotActedOn),
  };
}

/** An execution that a fault ends may have begun so long before it. */
const LEAD_MS = 2_000;

/**
 * The outcomes of the alerts around each fault: from two seconds before it, until the next one's. The first of the groups
 * is of the alerts before all faults.
 */
export function aroundFaults<Fault extends { at: number }>(
  outcomes: readonly Outcome[],
  faults: readonly Fault[],
): { fault: Fault | null; outcomes: Outcome[] }[] {
  const groups: { fault: Fault | null; outcomes: Outcome[] }[] = [{ fault: null, outcomes: [] }];
  for (const fault of [...faults].sort((a, b) => a.at - b.at)) groups.push({ fault, outcomes: [] });
  for (const outcome of outcomes) {
    const group = groups.findLast(({ fault }) => fault === null || outcome.alert.at >= fault.at - LEAD_MS);
    group?.outcomes.push(outcome);
  }
  return groups;
}
