import type { LogLine } from '../../core/telemetry/logLine';
import { type HttpService, send } from '../http/send';
import { explainLoki } from './explain';

export interface LokiAccess {
  url: string;
  /** `X-Scope-OrgID`; empty for a Loki without tenants. */
  tenant: string;
  username: string;
  password: string;
}

/** Loki counts in nanoseconds; the milliseconds of our clock are padded. */
function nanoseconds(now: Date, offset: number): string {
  return `${now.getTime()}${String(offset).padStart(6, '0')}`;
}

/**
 * Pushes lines (Loki 3.x, POST /loki/api/v1/push) with structured metadata, which needs schema v13. A repeated push of the
 * same line and time is stored once. Lines that follow one another are a nanosecond apart, so that they keep their order.
 */
export async function pushLines(access: LokiAccess, lines: readonly LogLine[], now: Date): Promise<void> {
  const service: HttpService = {
    name: 'Loki',
    example: 'http://loki.monitoring:3100',
    explain: explainLoki(access),
    ...access,
  };
  const streams = lines.map(({ labels, metadata, line }, index) => ({
    stream: labels,
    values: [[nanoseconds(now, index), line, metadata]],
  }));
  await send(service, {
    method: 'POST',
    path: '/loki/api/v1/push',
    headers: {
      'content-type': 'application/json',
      ...(access.tenant === '' ? {} : { 'X-Scope-OrgID': access.tenant }),
    },
    body: JSON.stringify({ streams }),
  });
}
