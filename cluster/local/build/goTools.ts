import { readFile, rename } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { madeOnce } from './cache.js';
import { StackError } from '../errors.js';
import { hash } from '../files.js';
import { CACHE } from '../paths.js';
import { remedyOf } from './remedy.js';
import { isGoodVersion, linkerFlags } from './versions.js';

const GO_MINIMUM = '1.26.0';

// What the builds depend on beside go.mod and go.sum; part of the cache key.
const BUILD_ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };
const BUILD_FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false'];

/** What is built of a Go module. */
export interface GoBuild {
  /** The folder of its go.mod and go.sum. */
  source: string;
  /** Of its folder in the cache, if not that of `source`. */
  name?: string;
  /** The Go package of each program; if unset, every tool that go.mod names. */
  programs?: Record<string, string>;
  /** Build tags. */
  tags?: string;
}

/** The problem with this machine's Go, for the person who has to fix it. */
export async function goProblem(): Promise<string | undefined> {
  const { failed, stdout } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  if (failed) return `go is missing: install Go ${GO_MINIMUM} or newer (what it builds is kept).`;
  const [version = ''] = /\d+\.\d+(\.\d+)?/.exec(stdout) ?? [];
  return isGoodVersion(version, GO_MINIMUM) ? undefined : `go is ${version}: install Go ${GO_MINIMUM} or newer.`;
}

/** Where the programs are, or will be: in the cache, by everything that a build depends on. */
export async function builtFolder({ source, name = basename(source), programs, tags }: GoBuild): Promise<string> {
  const [goMod, goSum] = await Promise.all([readFile(join(source, 'go.mod')), readFile(join(source, 'go.sum'))]);
  const flags = JSON.stringify([BUILD_ENVIRONMENT, BUILD_FLAGS, linkerFlags(goMod.toString())]);
  const chosen = programs === undefined ? [] : [JSON.stringify([programs, tags])];
  return join(CACHE, 'servers', `${name}-${hash(goMod, goSum, flags, ...chosen)}`);
}

interface Options {
  /** Called with the number of compiled packages. */
  progress?: (packages: number) => void;
  /** Whether other programs come first. */
  isPatient?: boolean;
}

/** Builds the programs of a module, once for each content of go.mod, go.sum and what else they depend on. */
export async function buildTools(build: GoBuild, { progress, isPatient = false }: Options = {}): Promise<void> {
  const { source, name = basename(source), programs = {}, tags } = build;
  const packages = Object.values(programs);
  const ldflags = linkerFlags(await readFile(join(source, 'go.mod'), 'utf8'));
  await madeOnce(await builtFolder(build), async (folder) => {
    const arguments_ = ['-C', source, 'build', '-v', ...BUILD_FLAGS, '-ldflags', ldflags, '-o', `${folder}/`];
    if (tags !== undefined) arguments_.push('-tags', tags);
    arguments_.push(...(packages.length === 0 ? ['tool'] : packages));
    const child = execa('go', arguments_, { env: BUILD_ENVIRONMENT, reject: false });
    if (isPatient && child.pid !== undefined) setPriority(child.pid, PATIENT);
    // With -v the compiler names each package once it is done; other lines have spaces.
    let compiled = 0;
    for await (const line of child.iterable({ from: 'stderr' })) if (!line.includes(' ')) progress?.(++compiled);
    const { failed, stderr } = await child;
    if (failed) {
      throw new StackError(
        `The Go build of ${name} failed:\n${stderr.split('\n').slice(-10).join('\n')}`,
        remedyOf(stderr, { from: 'the Go module proxy', gigabytes: 10 }),
      );
    }
    for (const [program, path] of Object.entries(programs))
      if (program !== builtName(path)) await rename(join(folder, builtName(path)), join(folder, program));
  });
}

/** As `nice` counts; the compilers that Go starts inherit it. */
const PATIENT = 10;

/** What Go names a program: by the last part of its package's path that is not a major version. */
const builtName = (path: string): string => basename(path.replace(/\/v\d+$/, ''));
