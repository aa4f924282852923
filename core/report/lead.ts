import { responseInWords } from '../response/responseInWords';
import { minutes } from '../response/times';
import type { Story } from './story';
import { DECISION_WORDS } from '../incident/decisionInWords';

/** The incident in a few sentences: what was decided and done, and what it waits for. Plain text: escape it. */
export function leadOf({ status, decision, acts, approvals }: Story): string {
  const decided =
    decision === null ? 'No decision is recorded.' : `The pipeline decided to ${DECISION_WORDS[decision.decision]}.`;
  const last = acts.at(-1);
  const done = last === undefined ? 'No action is recorded.' : responseInWords({ ...last, undo: null });
  const waiting = approvals.find((approval) => approval.status.state === undefined);
  const asks = waiting === undefined ? '' : ` A person has to decide until ${minutes(waiting.spec.expiresAt)}.`;
  return `${decided} ${done} It is ${status.state.toLowerCase()}: ${status.reason.replace(/\.$/, '')}.${asks}`;
}
