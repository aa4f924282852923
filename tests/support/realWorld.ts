import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './manifests';

const FOLDER = join(ROOT, 'tests/fixtures/realworld');

/** One case of tests/fixtures/realworld: what is fed to `input.call`, and the right result in words. */
export interface RealWorldCase {
  name: string;
  kind: string;
  input: Record<string, unknown> & { call: string };
  expected: string;
}

/** Loads a case by its file's name without `.json`. */
export function realWorldCase(name: string): RealWorldCase {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as RealWorldCase;
}

/** The names of all cases. */
export function realWorldCases(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''));
}
