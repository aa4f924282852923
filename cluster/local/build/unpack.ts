import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { StackError } from '../errors.js';
import { Unavailable } from './download.js';
import type { ReleaseFile } from './releases.js';
import { isDiskFull, roomRemedy } from './remedy.js';

/** Takes the programs out of a downloaded file, which is removed. */
export async function unpack({ url, programs }: ReleaseFile, file: string, folder: string): Promise<void> {
  const unpacked = `${file}.unpacked`;
  await mkdir(unpacked);
  for (const [program, path] of Object.entries(programs)) {
    if (path !== '') await extract(basename(url), file, path, unpacked);
    await rename(path === '' ? file : join(unpacked, path), join(folder, program));
    await chmod(join(folder, program), 0o755);
  }
  await Promise.all([file, unpacked].map((each) => rm(each, { recursive: true, force: true })));
}

async function extract(name: string, file: string, path: string, folder: string): Promise<void> {
  // Python is there in any case: it is needed to compile n8n's SQLite.
  const { failed, stderr } = await (name.endsWith('.zip')
    ? execa('python3', ['-m', 'zipfile', '-e', file, folder], { reject: false })
    : execa('tar', ['-xzf', file, '-C', folder, path], { reject: false }));
  if (failed && isDiskFull(stderr)) throw new StackError(`${name} could not be unpacked: ${stderr}`, roomRemedy(2));
  if (failed) throw new Unavailable(`${name} cannot be unpacked: ${stderr.split('\n')[0] ?? ''}`);
}
