import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';

import type { ObtainOptions } from '../../cluster/local/build/obtain';
import type { Publishers, ReleaseFile } from '../../cluster/local/build/releases';
import type { Part } from '../../cluster/local/build/servers';
import type { Report } from '../../cluster/local/steps/steps';
import { type Publisher, sha256, startPublisher } from '../support/publisher';

const ROOT = mkdtempSync(join(tmpdir(), 'obtain-'));
const SERVERS = join(ROOT, 'n8n-nodes-incident-pipeline', 'servers');
const BIN = join(ROOT, 'bin');
const PATIENCE = { connect: 10_000, silence: 500, whole: 20_000 };

/** Takes the place of Go: builds a program that only names itself. */
const GO = `#!/bin/sh
[ "$1" = env ] && echo go1.26.8 && exit
for each; do
  case "$previous" in -o) folder=$each ;; esac
  previous=$each
  case "$each" in */cmd/*|*/pushgateway|*/v3) base=\${each%/v3}; echo "built $each" >"$folder/\${base##*/}" ;; esac
done
`;

let publisher: Publisher;
let obtain: (part: Part, options?: ObtainOptions, report?: Report) => Promise<void>;
let partFolder: (part: Part, fromSource?: boolean, publishers?: Publishers) => Promise<string | undefined>;
let releaseOf: (part: Part, publishers?: Publishers) => Promise<ReleaseFile[]>;

beforeAll(async () => {
  // Read when the modules are loaded.
  process.env.XDG_CACHE_HOME = ROOT;
  ({ obtain, partFolder } = await import('../../cluster/local/build/obtain.js'));
  ({ releaseOf } = await import('../../cluster/local/build/releases.js'));
  mkdirSync(BIN);
  writeFileSync(join(BIN, 'go'), GO);
  chmodSync(join(BIN, 'go'), 0o755);
  process.env.PATH = `${BIN}:${process.env.PATH ?? ''}`;
});
afterAll(() => {
  rmSync(ROOT, { recursive: true });
});
beforeEach(async () => {
  rmSync(SERVERS, { recursive: true, force: true });
  publisher = await startPublisher();
});
afterEach(() => publisher.close());

/** The loopback server in the place of all publishers. */
const publishers = (digests: Record<string, string> = {}): Publishers => ({
  kubernetes: publisher.url,
  github: publisher.url,
  digests,
});

/** Publishes a part's release: each program has its own name as content. */
async function publish(part: Part): Promise<void> {
  for (const { url, programs, sums } of await releaseOf(part, publishers())) {
    const [[program = '', path = ''] = []] = Object.entries(programs);
    const content = path === '' ? Buffer.from(program) : packed(url, path, program);
    publisher.answers.set(new URL(url).pathname, content);
    if (sums !== undefined)
      publisher.answers.set(
        new URL(sums).pathname,
        `${sha256(content)}  ${new URL(url).pathname.split('/').at(-1) ?? ''}\n`,
      );
  }
}

function packed(url: string, path: string, content: string): Buffer {
  const folder = mkdtempSync(join(ROOT, 'pack-'));
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  if (url.endsWith('.zip')) execaSync('python3', ['-m', 'zipfile', '-c', 'archive', path], { cwd: folder });
  else execaSync('tar', ['-czf', 'archive', path], { cwd: folder });
  return readFileSync(join(folder, 'archive'));
}

function recorder(): { report: Report; titles: string[] } {
  const titles: string[] = [];
  const retitle = (title: string, why?: string) => titles.push(why === undefined ? title : `${title}: ${why}`);
  return { titles, report: { say: () => undefined, retitle } };
}

const content = async (part: Part, program: string, fromSource = false): Promise<string> =>
  readFileSync(join((await partFolder(part, fromSource, publishers())) ?? '', program), 'utf8').trim();

describe('obtain', () => {
  it.each<[Part, string[]]>([
    ['pushgateway', ['pushgateway']],
    ['prometheus', ['prometheus']],
    ['loki', ['loki']],
  ])('takes the official release of %s, and says what from where', async (part, programs) => {
    await publish(part);
    const { report, titles } = recorder();
    await obtain(part, { publishers: publishers() }, report);
    for (const program of programs) expect(await content(part, program)).toBe(program);
    expect(titles).toEqual([expect.stringMatching(/^Download .+ from 127\.0\.0\.1:\d+ \(SHA-256 of its publisher\)$/)]);
  });

  it('takes the release of Kubernetes, etcd and kwok', async () => {
    await publish('kubernetes');
    const kwok = 'kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64';
    const digests = { [kwok]: sha256('kwok') };
    await obtain('kubernetes', { publishers: publishers(digests) });
    const folder = (await partFolder('kubernetes', false, publishers(digests))) ?? '';
    expect(readdirSync(folder).sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
    ]);
    expect(readFileSync(join(folder, 'etcd'), 'utf8')).toBe('etcd');
  });

  it('builds from source, and says why, if the release cannot be had', async () => {
    const { report, titles } = recorder();
    await obtain('loki', { publishers: publishers() }, report);
    expect(await content('loki', 'loki')).toBe('built github.com/grafana/loki/v3/cmd/loki');
    expect(titles.at(-1)).toMatch(/^Build loki from source: 127\.0\.0\.1:\d+ did not send SHA256SUMS \(HTTP 404\)$/);
  });

  it('does not use part of a release', async () => {
    await publish('kubernetes');
    await obtain('kubernetes', { publishers: publishers(), patience: PATIENCE });
    expect(await content('kubernetes', 'kube-apiserver')).toBe('built k8s.io/kubernetes/cmd/kube-apiserver');
    expect(await content('kubernetes', 'etcd')).toBe('built go.etcd.io/etcd/server/v3');
  });

  it('stops at a file that is not the released one, and leaves nothing of it', async () => {
    await publish('prometheus');
    const { pathname } = new URL((await releaseOf('prometheus', publishers()))[0]?.url ?? '');
    publisher.answers.set(pathname, 'something else');
    await expect(obtain('prometheus', { publishers: publishers() })).rejects.toMatchObject({ name: 'StackError' });
    expect(existsSync(SERVERS) ? readdirSync(SERVERS) : []).toEqual([]);
  });

  it('says what to do about a full disk in the middle of a build, and leaves nothing of it', async () => {
    const go = readFileSync(join(BIN, 'go'), 'utf8');
    writeFileSync(join(BIN, 'go'), `${GO}echo 'write $WORK/b001: no space left on device' >&2; exit 1\n`);
    try {
      await expect(obtain('pushgateway', { fromSource: true })).rejects.toMatchObject({
        message: expect.stringContaining('no space left on device') as string,
        remedy: expect.stringMatching(/^The disk is full\. Free 10 GB under /) as string,
      });
      expect(readdirSync(SERVERS)).toEqual([]);
    } finally {
      writeFileSync(join(BIN, 'go'), go);
    }
  });

  it('asks nobody with fromSource, and does not use what was downloaded', async () => {
    await publish('pushgateway');
    await obtain('pushgateway', { publishers: publishers() });
    const asked = publisher.requests.length;
    await obtain('pushgateway', { publishers: publishers(), fromSource: true });
    expect(publisher.requests).toHaveLength(asked);
    expect(await content('pushgateway', 'pushgateway', true)).toBe('built github.com/prometheus/pushgateway');
  });

  it('does nothing for what is there', async () => {
    await obtain('pushgateway', { publishers: publishers(), fromSource: true });
    const { report, titles } = recorder();
    await obtain('pushgateway', { publishers: publishers() }, report);
    expect([publisher.requests, titles]).toEqual([[], []]);
  });
});
