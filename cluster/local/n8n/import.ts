import { mkdir, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { n8nProgram } from '../components.js';
import type { Component } from '../process/component.js';
import type { Credential } from '../../shared/n8n/credentials.js';
import type { Workflow } from '../../shared/n8n/workflow.js';
import { StackError } from '../errors.js';
import { hash, readIfThere, writePrivate } from '../files.js';
import { statePath, USER_FOLDER } from '../paths.js';
import { stopN8n } from '../process/supervisor.js';

/** For each of n8n's databases. */
const importedFile = ({ env }: Component): string =>
  statePath(env.DB_TYPE === undefined ? 'imported.json' : `imported-${env.DB_TYPE}.json`);

/** What was imported last, by the hashes of the content. */
const imported = z.object({ credentials: z.string().optional(), workflows: z.string().optional() });

type Run = (...arguments_: string[]) => Promise<string>;

/**
 * Brings n8n's database up to date: what has changed since the last import is imported again, with n8n stopped, since
 * a running n8n would not notice.
 * @param published ids of the workflows that run; the others are there for a person to complete
 */
export async function importChanged(
  n8n: Component,
  project: string,
  credentials: Credential[],
  workflows: Workflow[],
  published: string[],
): Promise<void> {
  const file = importedFile(n8n);
  const last = imported.parse(JSON.parse((await readIfThere(file)) ?? '{}'));
  const now = {
    credentials: hash(JSON.stringify(credentials)),
    workflows: hash(JSON.stringify([workflows, published])),
  };
  if (last.credentials === now.credentials && last.workflows === now.workflows) return;

  await stopN8n();
  await mkdir(USER_FOLDER, { recursive: true, mode: 0o700 });
  const run: Run = (...arguments_) => runCommand(n8n, project, arguments_);
  if (last.credentials !== now.credentials) await importFile('credentials', credentials, run);
  if (last.workflows !== now.workflows) {
    await importFile('workflow', workflows, run);
    for (const id of published) await run('publish:workflow', `--id=${id}`);
  }
  await writePrivate(file, JSON.stringify(now));
}

/** Makes the next start import everything again. */
export const forgetImport = (n8n: Component): Promise<void> => rm(importedFile(n8n), { force: true });

async function importFile(kind: 'credentials' | 'workflow', content: unknown, run: Run): Promise<void> {
  const file = statePath(`${kind}.import.json`);
  await writePrivate(file, JSON.stringify(content));
  try {
    const output = await run(`import:${kind}`, `--input=${file}`);
    // n8n's import commands exit 0 after most errors.
    if (!output.includes('Successfully imported')) throw failure(`n8n did not import its ${kind}`, output);
  } finally {
    await rm(file); // the credentials in it are not encrypted
  }
}

async function runCommand({ command, env }: Component, project: string, arguments_: string[]): Promise<string> {
  const program = n8nProgram(project);
  const { failed, all } = await execa(command, [program, ...arguments_], {
    env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  if (failed) throw failure(`\`n8n ${arguments_.join(' ')}\` failed`, all);
  return all;
}

function failure(what: string, output: string): StackError {
  return new StackError(
    `${what}:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`,
    "Run the same command again. If n8n's database is damaged: ./deploy.sh --local --down --purge; the next start creates a new one.",
  );
}
