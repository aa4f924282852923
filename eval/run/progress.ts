import type { Outcome } from '../outcome.js';

/** How often progress is written, milliseconds. */
const EVERY_MS = 2_000;

/** Writes now and then how far a run is, and which failures there were, apart from its results. */
export function progress(): (done: number, of: number, last: Outcome) => void {
  const started = performance.now();
  let written = started;
  let failures = 0;
  return (done, of, last) => {
    failures += last.failures.length;
    const now = performance.now();
    if (now - written < EVERY_MS) return;
    written = now;
    const left = ((now - started) / done) * (of - done);
    console.error(`${done} of ${of}, ${failures} failures, about ${Math.ceil(left / 1000)} s left`);
  };
}

/** On Ctrl-C, says that nothing that was answered is lost. */
export function sayHowToResume(isAsked: boolean): void {
  process.once('SIGINT', () => {
    if (isAsked) console.error('\nStopped. Run the same command again: what was answered is not asked again.');
    process.exit(130);
  });
}
