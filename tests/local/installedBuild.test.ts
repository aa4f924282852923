import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installedBuild, otherBuilds } from '../../cluster/local/n8n/installedBuild';

describe('installedBuild', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  /** A folder with an installed package. */
  async function installed(files: Record<string, string>, version = '0.1.0'): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'build-'));
    folders.push(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ version }));
    await mkdir(join(folder, 'dist', 'nodes'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'dist', name), text);
    return folder;
  }

  const FILES = { 'nodes/a.js': 'one', 'b.js': 'two' };

  it('names version and content', async () => {
    expect(await installedBuild(await installed(FILES))).toMatch(/^0\.1\.0, build [0-9a-f]{12}$/);
  });

  it('is the same for the same content, wherever it is', async () => {
    const [one, other] = [await installed(FILES), await installed(FILES)];
    expect(await installedBuild(one)).toBe(await installedBuild(other));
  });

  it.each<[string, Record<string, string>, string | undefined]>([
    ['a file with other content', { ...FILES, 'b.js': 'three' }, undefined],
    ['one file more', { ...FILES, 'c.js': '' }, undefined],
    ['another version', FILES, '0.2.0'],
  ])('differs by %s', async (_what, files, version) => {
    expect(await installedBuild(await installed(files, version))).not.toBe(
      await installedBuild(await installed(FILES)),
    );
  });
});

describe('otherBuilds', () => {
  it("names each process whose build is not the main process's", () => {
    const builds = [
      { process: 'n8n', build: 'new' },
      { process: 'n8n-worker-1', build: 'new' },
      { process: 'n8n-worker-2', build: 'old' },
      { process: 'n8n-worker-3', build: null },
    ];
    expect(otherBuilds(builds)).toEqual([{ process: 'n8n-worker-2', build: 'old', main: 'new' }]);
  });

  it('says nothing where the main process has none: that is another problem', () => {
    expect(otherBuilds([{ process: 'n8n', build: null }])).toEqual([]);
  });
});
