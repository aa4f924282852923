import { visible } from '../../core/text/sanitize.js';
import type { Alert } from '../../core/incident/alert.js';
import { subjectText } from '../../core/incident/subject.js';
import type { Decided } from '../agents.js';
import type { Before } from './replayed.js';

/** One alert after its replay. */
export interface Result {
  /** "FILE, line 12". */
  at: string;
  alert: Alert;
  before: Before | null;
  isRecorded: boolean;
  decided: Decided;
}

const LONGEST = 300;

/** One line: what would be decided, what was, and why. Rules and reasons may quote an alert, so nothing invisible is printed. */
export function resultLine({ at, alert, before, isRecorded, decided: { decision } }: Result): string {
  const was =
    before === null ? 'was not recorded' : `was ${before.decision}${before.by === null ? '' : ` by ${before.by}`}`;
  const mark = isChanged({ before, decided: { decision } }) ? '! ' : '  ';
  const text = `${decision.decision} (${was}${isRecorded ? '' : '; pod assumed'})  ${alert.rule}  ${subjectText(alert.subject)}: ${decision.reason}`;
  return `${mark}${at}: ${visible(text, LONGEST)}`;
}

/** Whether the export says that something else was decided. */
export function isChanged({ before, decided }: { before: Before | null; decided: Pick<Decided, 'decision'> }): boolean {
  return before !== null && before.decision !== decided.decision.decision;
}

/** Counts: what is decided now, and what became of what. */
export function totals(results: readonly Result[]): string[] {
  const counted = (texts: readonly string[]): string[] =>
    [...new Set(texts)].toSorted().map((text) => `  ${text}: ${texts.filter((one) => one === text).length}`);
  const changed = results.filter(isChanged);
  return [
    `${results.length} alerts, decided now:`,
    ...counted(results.map(({ decided }) => decided.decision.decision)),
    `Changed against what was decided: ${changed.length} of ${results.filter(({ before }) => before !== null).length}`,
    ...counted(changed.map(({ before, decided }) => `${before?.decision ?? ''} became ${decided.decision.decision}`)),
  ];
}
