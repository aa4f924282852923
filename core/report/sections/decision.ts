import { secondsOf } from '../../response/times';
import { definitions, element, EMPTY, type Html, joined, table } from '../html';
import type { Story } from '../story';
import { CLASSIFICATION_WORDS, DECIDED_BY, DECISION_WORDS } from '../../incident/decisionInWords';

/** What was proposed, what policy made of it, and who approved it. */
export function decisionSection({ decision, quarantines, log }: Story): Html {
  const head = element('h2', 'Decision');
  if (decision === null) {
    const [record] = quarantines;
    const kept =
      record === undefined
        ? `No decision is recorded${log === null ? ' in the cluster; Loki has it' : ''}.`
        : `${DECISION_WORDS[record.spec.decision.decision]}, by ${record.spec.decision.by}: ${record.spec.decision.reason}`;
    return joined([head, element('p', kept)]);
  }
  const { proposal, guardrails, run, exception } = decision;
  const by = exception === undefined ? DECIDED_BY[run.by] : `the exception ${exception}`;
  return joined([
    head,
    definitions([
      ['Decided', `${DECISION_WORDS[decision.decision]} (${CLASSIFICATION_WORDS[decision.classification]})`],
      ['Reason', decision.reason],
      [
        'Proposed',
        `${DECISION_WORDS[proposal.decision]}, by ${by}, confidence ${proposal.confidence}: ${proposal.reason}`,
      ],
      [
        'Policy',
        guardrails.length === 0 ? 'It let the proposal through as it was.' : 'These guardrails changed the proposal:',
      ],
    ]),
    guardrails.length === 0
      ? EMPTY
      : table(
          ['Guardrail', 'From', 'To', 'Reason'],
          guardrails.map(({ guardrail, from, to, reason }) => [
            guardrail,
            DECISION_WORDS[from],
            DECISION_WORDS[to],
            reason,
          ]),
        ),
  ]);
}

/** Who was asked, and what they answered. */
export function peopleSection({ approvals }: Story): Html {
  if (approvals.length === 0) return joined([element('h2', 'People'), element('p', 'No person was asked.')]);
  return joined([
    element('h2', 'People'),
    table(
      ['Asked', 'Why', 'Answer', 'By', 'At'],
      approvals.map(({ spec, status }) => {
        const asked = secondsOf(spec.requestedAt);
        if (status.state === undefined) return [asked, spec.why, 'none yet', '', `until ${secondsOf(spec.expiresAt)}`];
        const answer = status.state === 'Approved' ? `Approved: ${DECISION_WORDS[status.decision]}` : status.state;
        return [asked, spec.why, answer, `${status.decidedBy} (${status.via})`, secondsOf(status.decidedAt ?? '')];
      }),
    ),
  ]);
}
