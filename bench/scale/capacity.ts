import { PARTS } from './parts.js';

/** What a part needs for a number of alerts a second, if its price for each stays what was measured. */
export interface Need {
  part: string;
  /** Processors. */
  processors: number;
  /** Processes, for a part that works in one thread and may have several; otherwise null. */
  processes: number | null;
  /** Alerts a second at which its only copy is full; null if there may be several, or if no price was measured. */
  fullAt: number | null;
}

/** An assumption: processors of the largest machine that somebody gives to a database or to etcd. */
export const LARGEST_SERVER = 32;

/** A process is not planned to be busy for longer than this share of the time: beyond it, what waits grows fast. */
export const BUSY_SHARE = 0.7;

/** @param perAlert processor seconds for each alert, by part */
export function needsAt(perSecond: number, perAlert: Readonly<Record<string, number>>): Need[] {
  return PARTS.map(({ name, copies, oneThread }) => {
    const seconds = perAlert[name] ?? 0;
    const processors = seconds * perSecond;
    const most = oneThread ? 1 : LARGEST_SERVER;
    return {
      part: name,
      processors,
      processes: copies === 'any' && oneThread ? Math.max(1, Math.ceil(processors / BUSY_SHARE)) : null,
      fullAt: copies === 'one' && seconds > 0 ? (most * BUSY_SHARE) / seconds : null,
    };
  });
}

/** The part of which there is one, and that is full first. */
export function firstToGiveWay(needs: readonly Need[]): Need | undefined {
  return needs
    .filter(({ fullAt }) => fullAt !== null)
    .sort((a, b) => (a.fullAt ?? Infinity) - (b.fullAt ?? Infinity))[0];
}

/** The price of an alert of which only a share is distinct; the gate answers the others by itself. */
export function mixed(
  perDistinct: Readonly<Record<string, number>>,
  gatePerRepeat: number,
  distinctShare: number,
): Record<string, number> {
  const mix = Object.fromEntries(Object.entries(perDistinct).map(([part, seconds]) => [part, seconds * distinctShare]));
  return { ...mix, gate: (mix.gate ?? 0) + gatePerRepeat * (1 - distinctShare) };
}
