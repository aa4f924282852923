import { z } from 'zod/v4';

import type { LokiEntry } from '../../core/alert/falcoLine';
import { PipelineError } from '../../core/errors';
import { type HttpService, send } from '../http/send';
import { errorCodes } from '../http/errorCodes';
import { explainLoki } from './explain';
import type { LokiAccess } from './push';

/** A part of a stream, in nanoseconds since 1970: `from` belongs to it, `to` does not. */
export interface LokiRange {
  selector: string;
  from: bigint;
  to: bigint;
}

/**
 * Lines of one page, at most Loki's default of 5000 (`max_entries_limit_per_query`). If their bytes are too many, the page is
 * read again with fewer, which fit whatever their length: Loki's lines have at most 256 KiB by default.
 */
export const PAGE_LINES = { most: 1000, ifTooLarge: 12 } as const;

const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        // The third element, structured metadata, is there only if it is asked for apart from the labels.
        values: z.array(z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

/** The oldest lines of a range, and whether it may have more (Loki 3.x, GET /loki/api/v1/query_range). */
export interface LokiPage {
  entries: LokiEntry[];
  isFull: boolean;
}

/** Reads a page, the oldest line first. @throws PipelineError as send does, and `rejected` for an answer that is not Loki's */
export async function readPage(access: LokiAccess, range: LokiRange): Promise<LokiPage> {
  try {
    return await pageOf(access, range, PAGE_LINES.most);
  } catch (error) {
    if (!errorCodes(error).includes('UND_ERR_RES_EXCEEDED_MAX_SIZE')) throw error;
    return pageOf(access, range, PAGE_LINES.ifTooLarge);
  }
}

async function pageOf(access: LokiAccess, { selector, from, to }: LokiRange, limit: number): Promise<LokiPage> {
  const service: HttpService = {
    name: 'Loki',
    example: 'http://loki.monitoring:3100',
    explain: explainLoki(access),
    ...access,
  };
  const query = new URLSearchParams({
    query: selector,
    start: String(from),
    end: String(to),
    limit: String(limit),
    direction: 'forward',
  });
  const text = await send(service, {
    method: 'GET',
    path: `/loki/api/v1/query_range?${query.toString()}`,
    headers: access.tenant === '' ? {} : { 'X-Scope-OrgID': access.tenant },
  });
  const entries = entriesIn(text);
  return { entries, isFull: entries.length >= limit };
}

function entriesIn(text: string): LokiEntry[] {
  const { data } = answerSchema.safeParse(parsed(text));
  if (data === undefined)
    throw new PipelineError('rejected', 'Loki answered a query with what is no list of streams', {
      nextStep:
        'Check that the URL in the Loki credential is that of Loki 3, and that Selector selects lines, not numbers.',
    });
  return data.data.result
    .flatMap(({ stream, values }) => values.map(([time, line]) => ({ time, line, labels: stream })))
    .sort((one, other) => Number(BigInt(one.time) - BigInt(other.time)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
