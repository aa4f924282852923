import type { TimedLine } from '../../app/outputs/ports';
import type { Said } from '../../app/outputs/linesOutput';
import { messageWithStep, PipelineError } from '../../core/errors';
import { type HttpService, send } from '../http/send';
import { explainLoki } from './explain';

export interface LokiAccess {
  url: string;
  /** `X-Scope-OrgID`; empty for a Loki without tenants. */
  tenant: string;
  username: string;
  password: string;
}

/**
 * Pushes lines (Loki 3.x, POST /loki/api/v1/push) with structured metadata, which needs schema v13. A repeated push of the same
 * line and time is stored once.
 * @param once tries once only, for lines that are kept
 */
export async function pushLines(access: LokiAccess, lines: readonly TimedLine[], once = false): Promise<void> {
  const service: HttpService = {
    name: 'Loki',
    example: 'http://loki.monitoring:3100',
    explain: explainLoki(access),
    ...access,
  };
  const streams = lines.map(({ time, line: { labels, metadata, line } }) => ({
    stream: labels,
    values: [[time, line, metadata]],
  }));
  await send(service, {
    method: 'POST',
    path: '/loki/api/v1/push',
    headers: {
      'content-type': 'application/json',
      ...(access.tenant === '' ? {} : { 'X-Scope-OrgID': access.tenant }),
    },
    body: JSON.stringify({ streams }),
    once,
    // A tenant whose ingestion is blocked gets 260 and a reason (limits_config.block_ingestion_status_code).
    silent: true,
  });
}

/** Loki's limit of a stream's order and that of a line's age (pkg/validation/validate.go, pkg/ingester, 3.x). */
const TOO_OLD = /too far behind|out of order|timestamp too old/i;
/** That of a line in the future (`creation_grace_period`, ten minutes). */
const TOO_NEW = /timestamp too new/i;

/** Pushes lines and says what Loki said. It keeps the lines of a request that it does not refuse. Does not throw. */
export async function sayOfLines(access: LokiAccess, lines: readonly TimedLine[]): Promise<Said> {
  try {
    await pushLines(access, lines, true);
    return 'taken';
  } catch (error) {
    const said = messageWithStep(error);
    const status = error instanceof PipelineError ? error.status : undefined;
    if (status === 400) return wrongTimeIn(said) ?? { refused: said };
    // Smaller requests may pass; a line alone that is over the limit of a second has to wait.
    const isTooMuch = status === 413 || (status === 429 && lines.length > 1);
    return isTooMuch ? { refused: said } : { down: said };
  }
}

function wrongTimeIn(said: string): 'too old' | 'too new' | null {
  if (TOO_OLD.test(said)) return 'too old';
  return TOO_NEW.test(said) ? 'too new' : null;
}
