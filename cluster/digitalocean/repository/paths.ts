import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root. Pulumi runs a program in its project's folder, which is cluster/digitalocean. */
export const ROOT = resolve('..', '..');

/** A file of the repository, by its path from the root. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
