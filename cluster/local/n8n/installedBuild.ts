import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod/v4';
import { hash } from '../files.js';

const packageJson = z.object({ version: z.string() });

/**
 * Which build of the package a folder holds, for people and to compare: its version, and a hash of what n8n loads, since a version
 * stays the same from one release to the next.
 */
export async function installedBuild(folder: string): Promise<string> {
  const { version } = packageJson.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const dist = join(folder, 'dist');
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(dist, path))));
  return `${version}, build ${hash(...paths, ...contents)}`;
}

/** The processes whose build is another than the main process's, which is the first: each with both. */
export function otherBuilds(
  builds: readonly { process: string; build: string | null }[],
): { process: string; build: string; main: string }[] {
  const main = builds[0]?.build ?? null;
  if (main === null) return [];
  return builds.flatMap(({ process, build }) => (build === null || build === main ? [] : [{ process, build, main }]));
}
