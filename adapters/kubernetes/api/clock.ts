import type { KubernetesClient } from './client';

/** Windows of the budget and ages of pods mean nothing beyond this. */
const TOLERANCE_MS = 60_000;

/** Why this n8n's clock cannot be worked with, by the API server's last answer; null when the two agree. */
export function clockProblem(client: Pick<KubernetesClient, 'server' | 'serverTime'>, now: Date): string | null {
  const server = client.serverTime();
  if (server === null) return null;
  const ahead = now.getTime() - server;
  if (Math.abs(ahead) <= TOLERANCE_MS) return null;
  return `this n8n's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the API server's (${client.server}): set it by NTP, then run the step again`;
}

/** A moment on both clocks of this process. */
interface Moment {
  wall: number;
  monotonic: number;
}

export const moment = (): Moment => ({ wall: Date.now(), monotonic: performance.now() });

/**
 * How long ago a moment was, milliseconds, by the clock that says longer: the wall clock may have been set back, and the
 * monotonic one stands still while the machine is suspended.
 */
export function ageOf({ wall, monotonic }: Moment): number {
  return Math.round(Math.max(Date.now() - wall, performance.now() - monotonic));
}

/** The wall clock's time for people, where no caller gives it. Durations are not measured by it. */
export const wallTime = (): Date => new Date(Date.now());
