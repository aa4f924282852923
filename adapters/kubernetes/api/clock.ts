import type { KubernetesClient } from './client';

/** Windows of the budget and ages of pods mean nothing beyond this. */
const TOLERANCE_MS = 60_000;

/** Why this n8n's clock cannot be worked with, by the API server's last answer; null when the two agree. */
export function clockProblem(client: KubernetesClient, now: Date): string | null {
  const server = Date.now() + client.clockSkewMs();
  const ahead = now.getTime() - server;
  if (Math.abs(ahead) <= TOLERANCE_MS) return null;
  return `this n8n's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the API server's (${client.server}): set it by NTP, then run the step again`;
}
