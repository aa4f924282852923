import { DECISION_WORDS, decisionInWords } from '../incident/decisionInWords';
import { responseInWords } from '../response/responseInWords';
import { factsOf, stateOf } from '../response/record';
import type { Story } from './story';

/** Entries that are shown: the first half and the last half of more. */
const MOST = 120;

export interface Moment {
  /** ISO 8601 in UTC. */
  at: string;
  /** Plain text: escape it. */
  what: string;
}

/** What happened when, the oldest first. Of equal moments each is there once. */
export function timelineOf(story: Story): Moment[] {
  const all = [
    ...events(story),
    ...decisions(story),
    ...actions(story),
    ...people(story),
    ...records(story),
    ...task(story),
  ];
  const distinct = new Map(all.map((moment) => [`${moment.at} ${moment.what}`, moment]));
  const sorted = [...distinct.values()].toSorted((one, other) => one.at.localeCompare(other.at));
  if (sorted.length <= MOST) return sorted;
  const [begin, end] = [sorted.slice(0, MOST / 2), sorted.slice(-MOST / 2)];
  const at = begin.at(-1)?.at ?? '';
  return [...begin, { at, what: `${sorted.length - MOST} more entries are left out here.` }, ...end];
}

function events({ status, record, passes }: Story): Moment[] {
  const { firstSeen, lastSeen, count, state, reason, changedAt } = status;
  return [
    { at: firstSeen, what: `First event of the rule ${record.spec.rule}.` },
    ...(count > 1 ? [{ at: lastSeen, what: `Last event; ${count} in all.` }] : []),
    ...passes
      .filter(({ event }) => event === 'resolved')
      .map(({ alertTime }) => ({ at: alertTime, what: 'Resolved at its source.' })),
    ...(changedAt === undefined ? [] : [{ at: changedAt, what: `State: ${state}, ${reason.replace(/\.$/, '')}.` }]),
  ];
}

function decisions({ passes }: Story): Moment[] {
  return passes.flatMap(({ decision }) => {
    if (decision === null || decision.approval !== undefined) return [];
    return [{ at: decision.decidedAt, what: decisionInWords(decision) }];
  });
}

function actions({ acts }: Story): Moment[] {
  return acts.map((act) => ({ at: act.completedAt, what: responseInWords({ ...act, undo: null }) }));
}

function people({ approvals }: Story): Moment[] {
  return approvals.flatMap(({ spec, status }) => [
    { at: spec.requestedAt, what: `A person was asked: ${spec.why.replace(/\.$/, '')}.` },
    ...(status.pods ?? []).map(({ namespace, name, joinedAt }) => ({
      at: joinedAt,
      what: `Pod ${namespace}/${name} joined the question.`,
    })),
    ...(status.state === undefined || status.decidedAt === undefined
      ? []
      : [
          {
            at: status.decidedAt,
            what: `${status.state}${status.state === 'Approved' ? `: ${DECISION_WORDS[status.decision]}` : ''}, by ${status.decidedBy}.`,
          },
        ]),
  ]);
}

function records({ quarantines }: Story): Moment[] {
  return quarantines.flatMap((record) => {
    const { pod } = record.spec;
    const { quarantinedAt, changedAt, note } = factsOf(record);
    const about = `Quarantine of pod ${pod.namespace}/${pod.name}`;
    return [
      ...(quarantinedAt === undefined ? [] : [{ at: quarantinedAt, what: `${about}: verified.` }]),
      ...(changedAt === undefined || changedAt === quarantinedAt
        ? []
        : [{ at: changedAt, what: `${about}: ${stateOf(record)}${note === undefined ? '' : `, ${note}`}.` }]),
    ];
  });
}

function task({ task }: Story): Moment[] {
  if (task === null) return [];
  const { settledAt, state } = task.status;
  return [
    { at: task.spec.claimedAt, what: 'Pulumi Neo was asked to look for the cause in the code.' },
    ...(settledAt === undefined ? [] : [{ at: settledAt, what: `Pulumi Neo's task ended: ${state ?? 'unknown'}.` }]),
  ];
}
