/**
 * Preloaded into a process of n8n (node --import): its wall clock is off by as many milliseconds as the file CHAOS_CLOCK_FILE says.
 * Timers and performance.now() go on as they are, as on a machine whose clock is set. Other programs that it starts have the right
 * time.
 */
import { readFileSync } from 'node:fs';

const POLL_MS = 100;
const RealDate = Date;
// Kept: libraries of n8n set Date.now to what they found there.
const realNow = Date.now.bind(Date);
const file = process.env.CHAOS_CLOCK_FILE ?? '';
let offset = 0;

function follow(): void {
  let wanted = 0;
  try {
    wanted = Number(readFileSync(file, 'utf8'));
  } catch {
    // Nobody has set it.
  }
  if (wanted === offset || !Number.isFinite(wanted)) return;
  offset = wanted;
  console.error(`The wall clock is off by ${offset} ms now`);
}

const now = (): number => realNow() + offset;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
RealDate.prototype.constructor = globalThis.Date;

follow();
setInterval(follow, POLL_MS).unref();
