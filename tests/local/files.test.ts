import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writePrivate } from '../../cluster/local/files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a private file', () => {
  test('is for its owner only, also where an older one was for all, and its draft is gone', async () => {
    const file = join(folder, 'made', 'secret');
    await writePrivate(file, 'first');
    await writePrivate(file, 'second');
    expect(await readFile(file, 'utf8')).toBe('second');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'made'))).toEqual(['secret']);
  });

  test('leaves no draft with the secret when it cannot be put in place', async () => {
    const occupied = join(folder, 'occupied');
    await mkdir(join(occupied, 'by a folder'), { recursive: true });
    await expect(writePrivate(occupied, 'secret')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['occupied']);
  });
});
