import type { Alert } from '../../incident/alert';
import type { TargetContext } from '../../incident/context';
import type { Proposal } from '../../incident/decision';
import { endOfException, EXCEPTION_LIMITS, type Exception, type ExceptionNote } from '../../incident/exception';
import { brief, sanitize } from '../../text/sanitize';
import { exceptionFloor } from './floor';

/** What an item says of an exception that matches its alert. */
export function noteOf(exception: Exception): ExceptionNote {
  const { metadata, spec } = exception;
  return {
    name: metadata.name,
    owner: sanitize(spec.owner, EXCEPTION_LIMITS.owner),
    reason: sanitize(spec.reason, EXCEPTION_LIMITS.reason),
    endsAt: endOfException(exception).toISOString(),
  };
}

/**
 * The exception that decides an alert, or null: there is none, it has ended, or it would lower what policy holds. One
 * that was found after the alert's incident was chosen does not lift the incident's bound: what follows would be counted
 * with alerts that it does not match.
 */
export function decidingException(alert: Alert, context: TargetContext | undefined, now: Date): ExceptionNote | null {
  if (context?.status !== 'found' || context.exception === undefined) return null;
  const { exception } = context;
  if (Date.parse(exception.endsAt) <= now.getTime()) return null;
  if (alert.incident?.bound != null && alert.incident.exception !== exception.name) return null;
  return exceptionFloor(alert, context) === null ? exception : null;
}

/** What an exception proposes. */
export function exceptedProposal({ name, owner, reason, endsAt }: ExceptionNote): Proposal {
  return {
    decision: 'ignore',
    classification: 'false_positive',
    confidence: 1,
    reason: brief(`Exception ${name} of ${owner}, until ${endsAt.slice(0, 10)}: ${reason}`, LONGEST_REASON),
  };
}

/** Less than a proposal may have. */
const LONGEST_REASON = 1500;
