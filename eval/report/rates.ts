import type { Scores, Summary } from '../score/summary.js';
import type { Rate } from '../score/statistics.js';

/** A figure of the report: its name, and whether more of it is better. */
export interface RateRow<T> {
  label: string;
  of: (scores: T) => Rate;
  good: 'more' | 'fewer' | 'neither';
}

export const SCORE_ROWS: readonly RateRow<Scores>[] = [
  { label: 'Right decision', of: ({ accuracy }) => accuracy, good: 'more' },
  { label: 'Decision that does harm', of: ({ unacceptable }) => unacceptable, good: 'fewer' },
  { label: 'Attack acted on at once', of: ({ attacksActedOn }) => attacksActedOn, good: 'more' },
  { label: '  where an isolation is right', of: ({ isolatedWhereRight }) => isolatedWhereRight, good: 'more' },
  { label: '  and policy would do it', of: ({ isolatedWherePossible }) => isolatedWherePossible, good: 'more' },
  { label: 'Attack put before a person', of: ({ attacksToPerson }) => attacksToPerson, good: 'neither' },
  { label: 'Attack missed (ignored)', of: ({ attacksMissed }) => attacksMissed, good: 'fewer' },
  { label: 'Benign acted on', of: ({ benignActedOn }) => benignActedOn, good: 'fewer' },
  { label: 'Benign put before a person', of: ({ benignToPerson }) => benignToPerson, good: 'fewer' },
  { label: 'Benign ignored', of: ({ benignIgnored }) => benignIgnored, good: 'more' },
  { label: 'Right classification', of: ({ classified }) => classified, good: 'more' },
];

export const RUN_ROWS: readonly RateRow<Summary>[] = [
  ...SCORE_ROWS,
  { label: 'Before policy: right', of: ({ proposedAccuracy }) => proposedAccuracy, good: 'more' },
  { label: 'Before policy: does harm', of: ({ proposedUnacceptable }) => proposedUnacceptable, good: 'fewer' },
  { label: 'Valid answers of the model', of: ({ validAnswers }) => validAnswers, good: 'more' },
];

/** "91.4 % (85.2–95.2)", or a dash where there is nothing to count. */
export function rateText({ share, low, high }: Rate): string {
  return share === null ? '-' : `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}

export function percent(share: number): string {
  return (share * 100).toFixed(1);
}
