import { type Dispatcher, request } from 'undici';

/** An answer, whatever it is: redirects are not followed, and of a body only its beginning is kept. */
export interface ProbeAnswer {
  status: number;
  contentType: string;
  /** Where a redirect leads, or null. */
  location: string | null;
  text: string;
}

export interface ProbeOptions {
  headers?: Record<string, string>;
  timeoutMs?: number;
  /** With a certificate authority or a proxy of its own. */
  dispatcher?: Dispatcher | undefined;
}

const TIMEOUT_MS = 5_000;
/** More than any answer that is asked for; what a wrong server sends has no bound of its own. */
const MOST_BYTES = 256 * 1024;

/** Asks once, without a retry: a person waits for the result. Throws what undici throws when there is no answer. */
export async function probe(url: string, options: ProbeOptions = {}): Promise<ProbeAnswer> {
  const { headers = {}, timeoutMs = TIMEOUT_MS, dispatcher } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await request(url, {
    method: 'GET',
    headers,
    signal,
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  const { location, 'content-type': contentType } = answer.headers;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes >= MOST_BYTES) break;
  }
  return {
    status: answer.statusCode,
    contentType: String(contentType ?? ''),
    location: typeof location === 'string' ? location : null,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
