import { readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import { PACKAGE } from '../../shared/n8n/workflow.js';
import { StackError } from '../errors.js';
import { CHECKOUT, LOCAL, nodesFolder } from '../paths.js';
import type { Component } from '../process/component.js';
import { installedBuild } from './installedBuild.js';

const packageJson = z.object({ n8n: z.object({ nodes: z.array(z.string()) }) });
const names = z.array(z.string());

/** An n8n process and what it has of the package's nodes. */
export interface NodeCheck {
  process: string;
  /** Why it cannot run the workflows, or null. */
  problem: string | null;
  /** Which build of the package it has; null without one. */
  build: string | null;
}

/**
 * Loads the package's nodes as each of n8n's processes does. n8n itself starts without nodes that it cannot load, looks
 * healthy, and fails the executions that need them.
 */
export async function checkNodes(project: string, processes: Component[]): Promise<NodeCheck[]> {
  const wanted = await wantedNodes();
  // Loading takes seconds: processes with the same installation are checked together.
  const byFolder = new Map<string, Promise<Omit<NodeCheck, 'process'>>>();
  const checked = (folder: string, env: Component['env']): Promise<Omit<NodeCheck, 'process'>> => {
    const known = byFolder.get(folder) ?? checkFolder(folder, env, project, wanted);
    byFolder.set(folder, known);
    return known;
  };
  return Promise.all(
    processes.map(async ({ name, env }) => {
      const folder = join(nodesFolder(env.N8N_USER_FOLDER ?? ''), 'node_modules', PACKAGE);
      const installed = await realpath(folder).catch(() => null);
      if (installed === null) return { process: name, problem: `there is no ${folder}`, build: null };
      return { process: name, ...(await checked(installed, env)) };
    }),
  );
}

/** @throws StackError naming each process that lacks nodes */
export async function assertNodes(project: string, processes: Component[]): Promise<void> {
  const lacking = (await checkNodes(project, processes)).filter(({ problem }) => problem !== null);
  if (lacking.length === 0) return;
  throw new StackError(
    lacking.map(({ process, problem }) => `${process} lacks the nodes of ${PACKAGE}: ${problem ?? ''}`).join('\n'),
    'Run the same command again. If that does not help: ./deploy.sh --local --down --purge removes the installation.',
  );
}

async function checkFolder(
  folder: string,
  env: Component['env'],
  project: string,
  wanted: string[],
): Promise<Omit<NodeCheck, 'process'>> {
  const [problem, build] = await Promise.all([
    problemOf(folder, env, project, wanted),
    installedBuild(folder).catch(() => null),
  ]);
  return { problem, build };
}

async function problemOf(
  folder: string,
  env: Component['env'],
  project: string,
  wanted: string[],
): Promise<string | null> {
  const program = join(LOCAL, 'n8n', 'loadNodes.ts');
  const tsx = join(CHECKOUT, 'node_modules', '.bin', 'tsx');
  const { failed, stdout, stderr } = await execa(tsx, [program, project, folder], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  });
  if (failed) return stderr.trim().split('\n').at(-1) ?? 'they cannot be loaded';
  const loaded = new Set(names.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')));
  const lacking = wanted.filter((name) => !loaded.has(name));
  return lacking.length === 0 ? null : `${lacking.join(', ')} missing in ${folder}`;
}

/** The names of the node types that this checkout has. */
async function wantedNodes(): Promise<string[]> {
  const { n8n } = packageJson.parse(JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')));
  return n8n.nodes.map((path) => {
    const name = basename(path, '.node.js');
    return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  });
}
