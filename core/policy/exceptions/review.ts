import { endOfException, type Exception, type ExceptionStatus } from '../../incident/exception';
import { isUnderWay, nextReport } from '../../incident/reporting';
import { brief, sanitize } from '../../text/sanitize';

const DAY_MS = 24 * 3_600_000;

/** An exception that matched nothing for so long is probably needed by nobody. */
export const UNUSED_DAYS = 30;
/** People are notified again after this time. */
const REMIND_DAYS = 7;

/** Why a person should look at an exception. */
export type ExceptionCause = 'unused' | 'ended';

/**
 * Why people have to be notified of an exception now, or null. That it has ended is reported once. What nobody noted as reported is
 * reported again, after twice the time each.
 */
export function exceptionCause(exception: Exception, now: Date): ExceptionCause | null {
  const { metadata, status } = exception;
  if (status.reporting !== undefined && isUnderWay(status.reporting, now)) return null;
  const end = endOfException(exception);
  const told = status.toldAt === undefined ? -Infinity : Date.parse(status.toldAt);
  if (end <= now) return told >= end.getTime() ? null : 'ended';
  const quietSince = Date.parse(status.lastMatched ?? metadata.creationTimestamp);
  const isUnused = now.getTime() - quietSince >= UNUSED_DAYS * DAY_MS;
  return isUnused && now.getTime() - told >= REMIND_DAYS * DAY_MS ? 'unused' : null;
}

/** The status once a report begins. */
export function withReport(status: ExceptionStatus, now: Date): ExceptionStatus {
  return { ...status, reporting: nextReport(status.reporting, now) };
}

/** The status once people were notified by the report that began then; as it is if another report began since. */
export function withReported(status: ExceptionStatus, began: string, now: Date): ExceptionStatus {
  if (status.reporting?.at !== began) return status;
  return { ...status, toldAt: now.toISOString(), reporting: undefined };
}

/** How many exceptions one notification names. */
const NAMED = 10;

/** One line that names exceptions due for review, their owners and what to do. Plain text. */
export function reviewMessage(due: readonly { exception: Exception; cause: ExceptionCause }[]): string {
  const named = due.slice(0, NAMED).map(lineOf);
  const others = due.length > NAMED ? [`and ${due.length - NAMED} more`] : [];
  return `Exceptions due for review: ${[...named, ...others].join('; ')}. See kubectl get exceptions -n n8n; kubectl delete ends one.`;
}

function lineOf({ exception, cause }: { exception: Exception; cause: ExceptionCause }): string {
  const { metadata, spec, status } = exception;
  const end = endOfException(exception).toISOString().slice(0, 10);
  const quiet =
    status.lastMatched === undefined
      ? `matched nothing since it was made on ${metadata.creationTimestamp.slice(0, 10)}`
      : `matched nothing since ${status.lastMatched.slice(0, 10)}`;
  const why = cause === 'ended' ? `ended on ${end} after ${status.matches} events` : `${quiet} and ends on ${end}`;
  return `${metadata.name} of ${sanitize(spec.owner, 80)} ("${brief(sanitize(spec.rule, 200), 80)}") ${why}`;
}
