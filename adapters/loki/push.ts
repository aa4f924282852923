import type { LogLine } from '../../core/telemetry/logLine';
import { type HttpService, send } from '../http';

export interface LokiAccess {
  url: string;
  /** `X-Scope-OrgID`; empty for a Loki without tenants. */
  tenant: string;
  username: string;
  password: string;
}

/** Loki counts in nanoseconds; the milliseconds of our clock are padded. */
function nanoseconds(now: Date): string {
  return `${now.getTime()}000000`;
}

/**
 * Pushes one line (Loki 3.x, POST /loki/api/v1/push) with structured metadata, which needs schema v13.
 * A repeated push of the same line and time is stored once.
 */
export async function pushLine(access: LokiAccess, { labels, metadata, line }: LogLine, now: Date): Promise<void> {
  const service: HttpService = { name: 'Loki', ...access };
  await send(service, {
    method: 'POST',
    path: '/loki/api/v1/push',
    headers: {
      'content-type': 'application/json',
      ...(access.tenant === '' ? {} : { 'X-Scope-OrgID': access.tenant }),
    },
    body: JSON.stringify({ streams: [{ stream: labels, values: [[nanoseconds(now), line, metadata]] }] }),
  });
}
