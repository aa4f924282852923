import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { z } from 'zod/v4';
import type { Component } from '../process/component.js';
import type { Credential } from '../../shared/n8n/credentials.js';
import type { Workflow } from '../../shared/n8n/workflow.js';
import { hash, readIfThere, writePrivate } from '../files.js';
import { StackError } from '../errors.js';
import { manifestsPath, statePath, USER_FOLDER } from '../paths.js';
import { stopN8n } from '../process/supervisor.js';
import { commandFailure, n8nCommand } from './command.js';

/** For each of n8n's databases. */
const suffix = ({ env }: Component): string => (env.DB_TYPE === undefined ? '' : `-${env.DB_TYPE}`);
const importedFile = (n8n: Component): string => statePath(`imported${suffix(n8n)}.json`);
/** The workflows that were imported last, to see what a person changed since. */
const lastFile = (n8n: Component): string => statePath(`imported-workflows${suffix(n8n)}.json`);

const KEEP_EDITS = manifestsPath('n8n/image/keepEdits.mjs');
const file = (list: string): string => statePath(`workflows.${list}.json`);

/** What was imported last, by the hashes of the content. */
const imported = z.object({ credentials: z.string().optional(), workflows: z.string().optional() });

type Run = (...arguments_: string[]) => Promise<string>;

/**
 * Brings n8n's database up to date: what has changed since the last import is imported again, with n8n stopped, since
 * a running n8n would not notice. A workflow that was changed in n8n stays as a copy.
 * @param published ids of the workflows that run; the others are there for a person to complete
 */
export async function importChanged(
  n8n: Component,
  project: string,
  credentials: Credential[],
  workflows: Workflow[],
  published: string[],
): Promise<void> {
  const known = importedFile(n8n);
  const last = imported.parse(JSON.parse((await readIfThere(known)) ?? '{}'));
  const now = {
    credentials: hash(JSON.stringify(credentials)),
    workflows: hash(JSON.stringify([workflows, published])),
  };
  // A state of before this file was kept.
  if (last.workflows === now.workflows && !existsSync(lastFile(n8n)))
    await writePrivate(lastFile(n8n), JSON.stringify(workflows));
  if (last.credentials === now.credentials && last.workflows === now.workflows) return;

  await stopN8n();
  await mkdir(USER_FOLDER, { recursive: true, mode: 0o700 });
  const run: Run = (...arguments_) => n8nCommand(n8n, project, arguments_);
  if (last.credentials !== now.credentials) await importFile('credentials', credentials, run);
  if (last.workflows !== now.workflows) {
    const ids = await importWorkflows(n8n, workflows, run, last.workflows === undefined);
    for (const id of published.filter((one) => ids.includes(one))) await run('publish:workflow', `--id=${id}`);
  }
  await writePrivate(known, JSON.stringify(now));
}

/** Makes the next start import everything again. */
export const forgetImport = (n8n: Component): Promise<void> => rm(importedFile(n8n), { force: true });

/** @returns the ids of those that were imported */
async function importWorkflows(n8n: Component, workflows: Workflow[], run: Run, all: boolean): Promise<string[]> {
  const last = lastFile(n8n);
  const [current, next, planned] = [file('current'), file('next'), file('planned')];
  try {
    // A database without any is a new one.
    if (!existsSync(last) || !(await exportWorkflows(current, run))) {
      await importFile('workflow', workflows, run);
      await writePrivate(last, JSON.stringify(workflows));
      return workflows.map(({ id }) => id);
    }
    await writePrivate(next, JSON.stringify(workflows));
    const lists = [last, current, next, planned];
    const { stdout, stderr } = await execa(process.execPath, [KEEP_EDITS, ...lists, ...(all ? ['all'] : [])]);
    if (stderr !== '') console.warn(stderr);
    const content = JSON.parse(await readFile(planned, 'utf8')) as Workflow[];
    if (content.length > 0) await importFile('workflow', content, run);
    await writePrivate(last, JSON.stringify(workflows));
    return stdout.split('\n');
  } finally {
    await Promise.all([current, next, planned].map((name) => rm(name, { force: true })));
  }
}

/** @returns whether n8n has any */
async function exportWorkflows(output: string, run: Run): Promise<boolean> {
  try {
    await run('export:workflow', '--all', `--output=${output}`);
    return true;
  } catch (error) {
    // n8n's command fails where there is none.
    if (error instanceof StackError && error.message.includes('No workflows found')) return false;
    throw error;
  }
}

async function importFile(kind: 'credentials' | 'workflow', content: unknown, run: Run): Promise<void> {
  const input = statePath(`${kind}.import.json`);
  await writePrivate(input, JSON.stringify(content));
  try {
    const output = await run(`import:${kind}`, `--input=${input}`);
    // n8n's import commands exit 0 after most errors.
    if (!output.includes('Successfully imported')) throw commandFailure(`n8n did not import its ${kind}`, output);
  } finally {
    await rm(input); // the credentials in it are not encrypted
  }
}
