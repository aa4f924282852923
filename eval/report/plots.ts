import type { Group } from '../score/summary.js';
import type { Calibration, Rate } from '../score/statistics.js';
import { escape } from './escape.js';
import { percent } from './rates.js';

const LEFT = 250;
const WIDTH = 640;
const ROW = 22;
const LONGEST_LABEL = 40;

/** One line of a plot of shares: a point with its interval. */
export interface Point {
  label: string;
  rate: Rate;
}

/** Shares with their 95 % intervals, one below the other. */
export function intervalPlot(points: readonly Point[]): string {
  const height = points.length * ROW + 28;
  const right = WIDTH - 130;
  const x = (share: number): number => LEFT + share * (right - LEFT);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${x(share)}" x2="${x(share)}" y1="4" y2="${height - 22}" stroke="var(--line)"/><text class="soft" x="${x(share)}" y="${height - 6}" text-anchor="middle">${share * 100} %</text>`,
  );
  const rows = points.map(({ label, rate: { share, low, high, count, of } }, index) => {
    const y = index * ROW + 16;
    const name = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
    const text = `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${escape(name)}</text>`;
    if (share === null) return `${text}<text class="soft" x="${right + 12}" y="${y + 4}">none</text>`;
    return `${text}<line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="var(--bar)" stroke-width="2" opacity=".55"/><circle cx="${x(share)}" cy="${y}" r="4.5" fill="var(--bar)"/><text class="soft" x="${right + 12}" y="${y + 4}">${percent(share)} %, ${count} of ${of}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${grid.join('')}${rows.join('')}</svg>`;
}

const SIDE = 300;
const EDGE = 40;

/** How often proposals are right, by how sure they are. A point on the diagonal is as sure as it should be; its area is how many there are. */
export function reliabilityPlot({ bins }: Calibration): string {
  const at = (share: number): number => EDGE + share * SIDE;
  const down = (share: number): number => EDGE / 2 + (1 - share) * SIDE;
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const ticks = [0, 0.5, 1].map(
    (share) =>
      `<text class="soft" x="${at(share)}" y="${down(0) + 18}" text-anchor="middle">${share}</text><text class="soft" x="${EDGE - 8}" y="${down(share) + 4}" text-anchor="end">${share}</text>`,
  );
  const points = bins.map(
    ({ meanConfidence, shareRight, count }) =>
      `<circle cx="${at(meanConfidence)}" cy="${down(shareRight)}" r="${4 + 12 * Math.sqrt(count / most)}" fill="var(--bar)" opacity=".7"><title>${count} proposals</title></circle>`,
  );
  return `<svg viewBox="0 0 ${SIDE + 2 * EDGE} ${SIDE + 70}" role="img" class="square"><rect x="${EDGE}" y="${EDGE / 2}" width="${SIDE}" height="${SIDE}" fill="none" stroke="var(--line)"/><line x1="${at(0)}" y1="${down(0)}" x2="${at(1)}" y2="${down(1)}" stroke="var(--soft)" stroke-dasharray="4 4"/>${ticks.join('')}${points.join('')}<text class="soft" x="${at(0.5)}" y="${SIDE + 62}" text-anchor="middle">confidence; upward: share that is right</text></svg>`;
}

/** How many of its cases are decided right, of each group, the one with the most cases first. */
export function accuracyOf(groups: readonly Group[]): Point[] {
  return groups
    .toSorted((one, other) => other.accuracy.of - one.accuracy.of)
    .map(({ name, accuracy }) => ({ label: name, rate: accuracy }));
}
