import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { digestIn, download, Unavailable } from '../../cluster/local/build/download';
import { type Publisher, sha256, startPublisher } from '../support/publisher';

const CONTENT = Buffer.alloc(300_000, 'a server');
// Only what never answers is waited for until it ends.
const PATIENCE = { connect: 10_000, silence: 500, whole: 20_000 };

let publisher: Publisher;
let folder: string;
let unreachable: Map<string, string>;
beforeEach(async () => {
  publisher = await startPublisher();
  unreachable = new Map();
  folder = mkdtempSync(join(tmpdir(), 'download-'));
});
afterEach(async () => {
  await publisher.close();
  rmSync(folder, { recursive: true });
});

const get = (known?: string): Promise<void> =>
  download(
    { url: `${publisher.url}/v1/server`, programs: {}, sha256: known, sums: `${publisher.url}/v1/sums` },
    join(folder, 'server'),
    { patience: PATIENCE, unreachable },
  );

describe('download', () => {
  it('takes a file whose digest is that of its publisher', async () => {
    publisher.answers.set('/v1/server', CONTENT).set('/v1/sums', `${sha256(CONTENT)}  server\n`);
    await get();
    expect(readFileSync(join(folder, 'server'))).toEqual(CONTENT);
  });

  it('does not ask the publisher for a digest that is known here', async () => {
    publisher.answers.set('/v1/server', CONTENT);
    await get(sha256(CONTENT));
    expect(publisher.requests).toEqual(['/v1/server']);
  });

  it.each([
    ['known here', true],
    ["its publisher's", false],
  ])('stops at a file with another digest than the one %s', async (_, isKnown) => {
    publisher.answers.set('/v1/server', 'something else').set('/v1/sums', `${sha256(CONTENT)}  server\n`);
    const wrong = get(isKnown ? sha256(CONTENT) : undefined);
    await expect(wrong).rejects.toMatchObject({
      name: 'StackError',
      message: expect.stringContaining('is not the file that was released') as string,
      remedy: expect.stringContaining('--from-source') as string,
    });
  });

  it.each<[string, (publisher: Publisher) => void, RegExp]>([
    ['there is no file of sums', () => undefined, /did not send sums \(HTTP 404\)/],
    [
      'the file of sums does not name it',
      ({ answers }) => answers.set('/v1/sums', `${sha256('x')}  another\n${sha256('y')}  one\n`),
      /has no SHA-256 of server/,
    ],
    ['there is no file', ({ answers }) => answers.set('/v1/sums', sha256(CONTENT)), /did not send server \(HTTP 404\)/],
    ['the publisher does not answer', ({ answers }) => answers.set('/v1/sums', () => undefined), /Timeout/],
    [
      'the file stops in the middle',
      ({ answers }) =>
        answers.set('/v1/sums', sha256(CONTENT)).set('/v1/server', (_, response) => {
          response.writeHead(200, { 'content-length': CONTENT.length }).write(CONTENT.subarray(0, 1000));
        }),
      /Timeout/,
    ],
    [
      'the file is cut off',
      ({ answers }) =>
        answers.set('/v1/sums', sha256(CONTENT)).set('/v1/server', (_, response) => {
          response.writeHead(200, { 'content-length': CONTENT.length });
          response.write(CONTENT.subarray(0, 1000), () => response.destroy());
        }),
      /did not send server/,
    ],
  ])('says why a file is unavailable: %s', async (_, prepare, why) => {
    prepare(publisher);
    const failed = await get().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Unavailable);
    expect((failed as Error).message).toMatch(why);
  });

  it('asks a host that does not answer once', async () => {
    publisher.answers.set('/v1/sums', () => undefined);
    await expect(get()).rejects.toThrow(/cannot be reached/);
    publisher.answers.set('/v1/server', CONTENT);
    await expect(get(sha256(CONTENT))).rejects.toThrow(/cannot be reached/);
    expect(publisher.requests).toEqual(['/v1/sums']);
  });

  it('takes no file that nothing can be checked with', async () => {
    const file = { url: `${publisher.url}/v1/server`, programs: {} };
    await expect(download(file, join(folder, 'server'))).rejects.toThrow('nothing is known here to check server with');
    expect(publisher.requests).toEqual([]);
    expect(existsSync(join(folder, 'server'))).toBe(false);
  });
});

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
test.each([
  ['only a digest', A, A],
  ['a list', `${B}  other\n${A}  server\n`, A],
  ['a list in binary mode', `${B} *other\n${A} *./server\n`, A],
  ['names that begin alike', `${B}  server.sig\n${A}  server\n`, A],
  ['no digest of it', `${B}  other\n${A}  another\n`, undefined],
  ['something else', '<html>not found</html>', undefined],
])('digestIn reads %s', (_, sums, digest) => {
  expect(digestIn(sums, 'server')).toBe(digest);
});

describe('download', () => {
  it('stops at a full disk instead of building from source, and says how much room it needs', async () => {
    publisher.answers.set('/v1/server', CONTENT);
    // The system's own full disk.
    const full = download({ url: `${publisher.url}/v1/server`, programs: {}, sha256: sha256(CONTENT) }, '/dev/full', {
      patience: PATIENCE,
      unreachable,
    });
    await expect(full).rejects.toMatchObject({
      name: 'StackError',
      message: expect.stringContaining('server could not be written') as string,
      remedy: expect.stringMatching(/disk is full\. Free 2 GB under .* XDG_CACHE_HOME .* same command/) as string,
    });
  });

  it('names the proxy that refuses, without its password', async () => {
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = 'http://bob:known-secret-0815@127.0.0.1:9';
    try {
      const refused = download(
        { url: 'http://releases.example.com/v1/server', programs: {}, sha256: 'x' },
        join(folder, 'server'),
        {
          patience: PATIENCE,
          unreachable,
        },
      );
      await expect(refused).rejects.toThrow(
        /^releases\.example\.com cannot be reached through the proxy 127\.0\.0\.1:9 \(HTTP_PROXY\)/,
      );
      await expect(refused).rejects.not.toThrow(/known-secret/);
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
  });
});
