import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { CHECKOUT } from '../../cluster/local/paths.js';
import type { Stack } from '../../cluster/local/stack.js';

/** A checkout of its own, in which one version follows another as in a user's. */
export class Checkout {
  private constructor(
    private readonly folder: string,
    private readonly options: readonly string[],
  ) {}

  /** @param options of deploy.sh, besides --local */
  static async make(options: readonly string[]): Promise<Checkout> {
    const folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
    await git(CHECKOUT, 'clone', '--quiet', '--no-checkout', CHECKOUT, folder);
    return new Checkout(folder, options);
  }

  /** Takes a version, and starts the stack of it, with the state of the one before. */
  async deploy(commit: string): Promise<void> {
    await git(this.folder, 'checkout', '--quiet', '--detach', commit);
    await this.run(...this.options);
  }

  /** The stack's data. */
  get state(): string {
    return join(this.folder, '.local');
  }

  async stack(): Promise<Stack> {
    return JSON.parse(await readFile(join(this.state, 'stack.json'), 'utf8')) as Stack;
  }

  /** What `--status` prints. */
  async status(): Promise<string> {
    return (await execa('./deploy.sh', ['--local', '--status'], { cwd: this.folder, reject: false })).stdout;
  }

  /** Ends the stack and removes everything. */
  async remove(): Promise<void> {
    await this.run('--down', '--purge');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(...options: readonly string[]): Promise<void> {
    await execa('./deploy.sh', ['--local', ...options], { cwd: this.folder, stdio: 'inherit' });
  }
}

/** The commit of a tag, a branch or a commit. */
export const commitOf = (version: string): Promise<string> =>
  git(CHECKOUT, 'rev-parse', '--verify', '--end-of-options', `${version}^{commit}`);

async function git(cwd: string, ...options: readonly string[]): Promise<string> {
  return (await execa('git', options, { cwd })).stdout;
}
