import { placeOfClaim } from '../../remediation/claim';
import { factsOf as factsOfClaim } from '../../remediation/claimStatus';
import { responseInWords } from '../../response/responseInWords';
import { factsOf, isOpen, stateOf } from '../../response/record';
import { secondsOf } from '../../response/times';
import { definitions, element, EMPTY, type Html, joined, table } from '../html';
import type { Story } from '../story';

/** What was done, what of it was undone, and how to undo the rest. */
export function doneSection({ acts, quarantines, task }: Story): Html {
  return joined([
    element('h2', 'Done and undone'),
    acts.length === 0 ? element('p', 'No action is in the log.') : actsTable(acts),
    quarantines.length === 0 ? EMPTY : recordsTable(quarantines),
    task === null ? EMPTY : taskTable(task),
  ]);
}

function actsTable(acts: Story['acts']): Html {
  return table(
    ['At', 'Outcome', 'What was done', 'How to undo it'],
    acts.map((act) => [
      secondsOf(act.completedAt),
      act.outcome,
      responseInWords({ ...act, undo: null }),
      act.undo ?? 'not possible, or not needed',
    ]),
  );
}

/** A quarantine is undone when its record says so, and only then. */
function recordsTable(quarantines: Story['quarantines']): Html {
  return table(
    ['Asked for', 'Pod', 'State now', 'Why', 'Until, or ended at'],
    quarantines.map((record) => {
      const { pod, requestedAt, until, decision } = record.spec;
      const { changedAt, note } = factsOf(record);
      const approved = decision.approvedBy === undefined ? '' : `, approved by ${decision.approvedBy}`;
      return [
        secondsOf(requestedAt),
        `${pod.namespace}/${pod.name}`,
        note === undefined ? stateOf(record) : `${stateOf(record)}: ${note}`,
        `${decision.reason} (${decision.by}${approved})`,
        isOpen(record) ? `review due ${secondsOf(until)}` : secondsOf(changedAt ?? ''),
      ];
    }),
  );
}

function taskTable(task: NonNullable<Story['task']>): Html {
  const { taskId, problem, joins } = factsOfClaim(task.status);
  const { repository, stack } = placeOfClaim(task);
  return joined([
    element('p', 'The fix in code by Pulumi Neo:'),
    definitions([
      ['State', task.status.state ?? 'claimed'],
      ['Task', `${taskId ?? 'none yet'} (organization ${task.spec.organization})`],
      ['Repository', repository === '' ? 'none' : repository],
      ['Stack', stack === '' ? 'none' : stack],
      ...(problem === undefined ? [] : [['Problem', problem] as const]),
      ...(joins === undefined ? [] : [['Joins', joins] as const]),
    ]),
  ]);
}
