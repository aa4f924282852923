import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { messageOf, StackError } from '../errors.js';
import type { ReleaseFile } from './releases.js';
import { isDiskFull, proxyOf, roomRemedy } from './remedy.js';

/** Milliseconds for the connection, for each wait for something of the response, and for the whole file. */
export const PATIENCE = { connect: 5_000, silence: 15_000, whole: 600_000 };

/** A file that cannot be had, or not be checked. Its source still can. */
export class Unavailable extends Error {}

export interface DownloadOptions {
  patience?: typeof PATIENCE;
  /** Why nothing else is asked of a host in this run: waiting again would not help. */
  unreachable?: Map<string, string>;
  /** Called with the bytes that have arrived, and all that will if it is known. */
  progress?: (bytes: number, total: number | undefined) => void;
}

const UNREACHABLE = new Map<string, string>();

/**
 * Downloads a file, tried once, and compares its SHA-256 with the one that is known here, or else with its publisher's.
 * @throws Unavailable if it cannot be had or checked
 * @throws StackError if it is another file than it should be, or the disk is full
 */
export async function download(file: ReleaseFile, target: string, options: DownloadOptions = {}): Promise<void> {
  const { patience = PATIENCE, unreachable = UNREACHABLE, progress } = options;
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: patience.connect },
    headersTimeout: patience.silence,
    bodyTimeout: patience.silence,
  });
  const signal = AbortSignal.timeout(patience.whole);
  const get = async <T>(url: string, read: (response: Response) => Promise<T>): Promise<T> => {
    const { host } = new URL(url);
    const known = unreachable.get(host);
    if (known !== undefined) throw new Unavailable(known);
    const response = await fetch(url, { dispatcher, signal }).catch((error: unknown) => {
      const proxy = proxyOf(process.env);
      const through = proxy === undefined ? '' : ` through the proxy ${proxy}`;
      const why = `${host} cannot be reached${through} (${messageOf(error)})`;
      unreachable.set(host, why);
      throw new Unavailable(why);
    });
    try {
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return await read(response);
    } catch (error) {
      // Building from source would need still more room.
      if (isDiskFull(messageOf(error)))
        throw new StackError(`${basename(url)} could not be written: ${messageOf(error)}`, roomRemedy(2));
      throw new Unavailable(`${host} did not send ${basename(url)} (${messageOf(error)})`);
    }
  };
  try {
    const expected = file.sha256 ?? (await publishedDigest(file, (url) => get(url, (response) => response.text())));
    const digest = await get(file.url, (response) => save(response, target, progress));
    if (digest !== expected) throw wrongFile(file, digest, expected);
  } finally {
    await dispatcher.destroy();
  }
}

async function publishedDigest({ url, sums }: ReleaseFile, read: (url: string) => Promise<string>): Promise<string> {
  if (sums === undefined) throw new Unavailable(`nothing is known here to check ${basename(url)} with`);
  const digest = digestIn(await read(sums), basename(url));
  if (digest === undefined) throw new Unavailable(`${sums} has no SHA-256 of ${basename(url)}`);
  return digest;
}

/** The SHA-256 of a file in a file of sums: `<digest>  <name>` on each line, or only a digest. */
export function digestIn(sums: string, name: string): string | undefined {
  const lines = sums.trim().split('\n');
  const only = lines.length === 1 ? /^[0-9a-f]{64}$/.exec(sums.trim())?.[0] : undefined;
  return (
    only ??
    lines.map((line) => /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/.exec(line)).find((match) => match?.[2] === name)?.[1]
  );
}

/** Writes the response into a file. Returns its SHA-256. */
async function save(response: Response, target: string, progress: DownloadOptions['progress']): Promise<string> {
  if (response.body === null) throw new Error('an empty response');
  const length = response.headers.get('content-length');
  const sum = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _, done) => {
      sum.update(chunk);
      progress?.((bytes += chunk.length), length === null ? undefined : Number(length));
      done(null, chunk);
    },
  });
  await pipeline(response.body, count, createWriteStream(target));
  return sum.digest('hex');
}

/**
 * Not a reason to build from source and go on: somebody between here and the publisher, or the publisher, sends something
 * else than what was released, which a person has to know.
 */
const wrongFile = ({ url, sha256, sums }: ReleaseFile, found: string, expected: string): StackError =>
  new StackError(
    `${url} is not the file that was released. It is not used.\n  SHA-256 of what was sent:  ${found}\n  ` +
      `${sha256 === undefined ? `in ${sums ?? ''}` : 'known here'}:  ${expected}`,
    'Find out who sends it: a proxy or mirror of yours, or the publisher. With --from-source nothing is downloaded but the sources, which Go checks.',
  );
