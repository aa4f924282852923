/** A share with its confidence interval. */
export interface Rate {
  count: number;
  of: number;
  /** Null where there is nothing to count. */
  share: number | null;
  low: number;
  high: number;
}

/** The 97.5th percentile of the normal distribution: for intervals of 95 %. */
const Z = 1.959963984540054;

/** A share with Wilson's score interval of 95 % (Wilson 1927), which holds near 0 and 1 and for few cases too. */
export function rate(count: number, of: number): Rate {
  if (of === 0) return { count, of, share: null, low: 0, high: 1 };
  const share = count / of;
  const spread = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / spread;
  const half = (Z / spread) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { count, of, share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * McNemar's exact test (two-sided): how likely so uneven a split of the pairs on which two runs differ is, if both runs are
 * equally good.
 * @param onlyFirst pairs that only the first run has right
 * @param onlySecond pairs that only the second run has right
 */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const of = onlyFirst + onlySecond;
  let chance = 0.5 ** of;
  let tail = chance;
  for (let k = 1; k <= Math.min(onlyFirst, onlySecond); k += 1) {
    chance *= (of - k + 1) / k;
    tail += chance;
  }
  return Math.min(1, 2 * tail);
}

/** One prediction: how sure it was, and whether it was right. */
export interface Prediction {
  confidence: number;
  right: boolean;
}

export interface Bin {
  from: number;
  to: number;
  count: number;
  meanConfidence: number;
  shareRight: number;
}

export interface Calibration {
  /** Mean squared difference of confidence and truth: 0 is best. Null without predictions. */
  brier: number | null;
  /** Expected calibration error: the mean distance of confidence and share, by bins, weighted. */
  ece: number | null;
  /** Those that are not empty. */
  bins: Bin[];
}

const BINS = 10;

/** How well confidence says how often a proposal is right. */
export function calibration(predictions: readonly Prediction[]): Calibration {
  const of = predictions.length;
  if (of === 0) return { brier: null, ece: null, bins: [] };
  const bins = Array.from({ length: BINS }, (_, index) =>
    binOf(
      index,
      predictions.filter(({ confidence }) => binFor(confidence) === index),
    ),
  ).filter(({ count }) => count > 0);
  return {
    brier: mean(predictions.map(({ confidence, right }) => (confidence - Number(right)) ** 2)),
    ece: bins.reduce(
      (sum, { count, meanConfidence, shareRight }) => sum + (count / of) * Math.abs(meanConfidence - shareRight),
      0,
    ),
    bins,
  };
}

const binFor = (confidence: number): number => Math.min(BINS - 1, Math.floor(confidence * BINS));

function binOf(index: number, inside: readonly Prediction[]): Bin {
  return {
    from: index / BINS,
    to: (index + 1) / BINS,
    count: inside.length,
    meanConfidence: mean(inside.map(({ confidence }) => confidence)),
    shareRight: mean(inside.map(({ right }) => Number(right))),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which a share of the values lies; 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
