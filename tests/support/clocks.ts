/** All that Jest could play; only the wall clock is the test's, so that timers and the monotonic clock go on. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

export const DAY_MS = 24 * 3_600_000;

/** Sets this process's wall clock forward, or back, as a person or NTP does; it stands still then. */
export function setWallClock(byMs: number): void {
  jest.useFakeTimers({ doNotFake: [...REAL], now: Date.now() + byMs });
}

/** Lets so much time pass on the clock that nobody sets. */
export function letPass(byMs: number): void {
  const real = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => real() + byMs);
}

/** To be called after each test that used them. */
export function restoreClocks(): void {
  jest.useRealTimers();
  jest.restoreAllMocks();
}
