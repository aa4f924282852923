import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseLossless } from '../core/text/json.js';
import { messageOf } from '../core/errors.js';
import { type Case, caseSchema } from './case.js';

/** A case, its name, and what its sender POSTs. */
export interface NamedCase {
  name: string;
  about: Case;
  body: unknown;
}

/** A folder that is no case, and why. */
export interface BrokenCase {
  name: string;
  problem: string;
}

export interface Cases {
  cases: NamedCase[];
  broken: BrokenCase[];
}

/**
 * Reads all cases of a folder, in the order of their names. A broken one keeps no other from being read.
 * @throws Error when the folder cannot be read
 */
export async function readCases(folder: string): Promise<Cases> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new Error(`The folder of cases cannot be read (--cases): ${messageOf(error)}`);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found: Cases = { cases: [], broken: [] };
  for (const name of names.toSorted()) {
    const read = await readCase(folder, name);
    if ('problem' in read) found.broken.push(read);
    else found.cases.push(read);
  }
  return found;
}

async function readCase(folder: string, name: string): Promise<NamedCase | BrokenCase> {
  try {
    const [body, about] = await Promise.all(
      ['alert.json', 'case.json'].map((file) => readFile(join(folder, name, file), 'utf8')),
    );
    const { data, error } = caseSchema.safeParse(JSON.parse(about ?? ''));
    if (error === undefined) return { name, about: data, body: parseLossless(body ?? '') };
    const [issue] = error.issues;
    return { name, problem: `case.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
  } catch (error) {
    return { name, problem: messageOf(error) };
  }
}
