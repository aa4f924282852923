import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../process/isAlive.js';

/**
 * Creates a folder of the cache, once. It is built next to its final path and then moved, so an interrupted build does not
 * count. Two checkouts may build the same folder at the same time: the first to finish wins.
 */
export async function madeOnce(target: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await removeAbandonedDrafts(target);
  const draft = `${target}.${process.pid}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    await make(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

/** Drafts of runs that were interrupted; n8n's is gigabytes. */
async function removeAbandonedDrafts(target: string): Promise<void> {
  const prefix = `${basename(target)}.`;
  const parent = dirname(target);
  if (!existsSync(parent)) return;
  const drafts = (await readdir(parent)).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  const abandoned = drafts.filter((name) => !isAlive(Number(name.slice(prefix.length, -'.tmp'.length))));
  await Promise.all(abandoned.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
