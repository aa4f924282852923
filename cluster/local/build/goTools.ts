import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { madeOnce } from './cache.js';
import { StackError } from '../errors.js';
import { hash } from '../files.js';
import { CACHE } from '../paths.js';
import { isGoodVersion, linkerFlags } from './versions.js';

const GO_MINIMUM = '1.26.0';

// What the builds depend on beside go.mod and go.sum; part of the cache key.
const BUILD_ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };
const BUILD_FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false'];

/** The problem with this machine's Go, for the person who has to fix it. */
export async function goProblem(): Promise<string | undefined> {
  const { failed, stdout } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  if (failed) return `go is missing: install Go ${GO_MINIMUM} or newer (what it builds is kept).`;
  const [version = ''] = /\d+\.\d+(\.\d+)?/.exec(stdout) ?? [];
  return isGoodVersion(version, GO_MINIMUM) ? undefined : `go is ${version}: install Go ${GO_MINIMUM} or newer.`;
}

/** Where the tools are, or will be, that the go.mod in `source` names: in the cache, by the content of its files. */
export async function builtFolder(source: string): Promise<string> {
  const [goMod, goSum] = await Promise.all([readFile(join(source, 'go.mod')), readFile(join(source, 'go.sum'))]);
  const flags = JSON.stringify([BUILD_ENVIRONMENT, BUILD_FLAGS, linkerFlags(goMod.toString())]);
  return join(CACHE, 'servers', `${basename(source)}-${hash(goMod, goSum, flags)}`);
}

interface Options {
  /** Called with the number of compiled packages. */
  progress?: (packages: number) => void;
  /** What is left to do in the folder before it counts as made. */
  finish?: (folder: string) => Promise<void>;
}

/** Builds every tool that the go.mod in `source` names, once for each content of go.mod and go.sum. */
export async function buildTools(source: string, { progress, finish }: Options = {}): Promise<void> {
  const ldflags = linkerFlags(await readFile(join(source, 'go.mod'), 'utf8'));
  await madeOnce(await builtFolder(source), async (folder) => {
    const arguments_ = ['-C', source, 'build', '-v', ...BUILD_FLAGS, '-ldflags', ldflags, '-o', `${folder}/`, 'tool'];
    const child = execa('go', arguments_, { env: BUILD_ENVIRONMENT, reject: false });
    // With -v the compiler names each package once it is done; other lines have spaces.
    let packages = 0;
    for await (const line of child.iterable({ from: 'stderr' })) if (!line.includes(' ')) progress?.(++packages);
    const { failed, stderr } = await child;
    if (failed) {
      throw new StackError(
        `The Go build of ${basename(source)} failed:\n${stderr.split('\n').slice(-10).join('\n')}`,
        'Check the network to the Go module proxy and the free disk space (10 GB), then run the same command again.',
      );
    }
    await finish?.(folder);
  });
}
