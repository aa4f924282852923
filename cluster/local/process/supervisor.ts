import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod/v4';
import type { Component } from './component.js';
import { StackError } from '../errors.js';
import { hash, writePrivate } from '../files.js';
import { daemon, PM2_HOME } from './daemon.js';
import { endLeftovers, MARK } from './leftovers.js';
import { installProject, projectFolder } from '../build/npmProject.js';
import { logOf, LOGS, STATE, statePath } from '../paths.js';

// The longest socket pm2 makes; the kernel takes 107 characters.
const SOCKET = join(PM2_HOME, 'interactor.sock');
const SOCKET_LIMIT = 107;

export interface Process {
  name: string;
  /** pm2's word: online, stopped, errored, … */
  status: string;
  pid: number;
  memoryBytes: number;
  /** Which definition it was started with; see `start`. */
  definition: string;
}

const processList = z.array(
  z
    .object({
      name: z.string(),
      pid: z.number().optional(),
      monit: z.object({ memory: z.number() }).optional(),
      pm2_env: z.object({ status: z.string(), [MARK]: z.string().default('') }),
    })
    .transform(
      ({ name, pid, monit, pm2_env }): Process => ({
        name,
        pid: pid ?? 0,
        memoryBytes: monit?.memory ?? 0,
        status: pm2_env.status,
        definition: pm2_env[MARK],
      }),
    ),
);

/**
 * How long the process manager may take for a command, seconds. `delete` waits until the process has ended, which for n8n is
 * when its executions have (cluster/local/queue/processes.ts); a daemon that takes longer hangs.
 */
const LIMITS: Readonly<Record<string, number>> = { delete: 360 };
const LIMIT = 60;

async function pm2(...arguments_: string[]): Promise<string> {
  await installProject('supervisor');
  const program = join(await projectFolder('supervisor'), 'node_modules', 'pm2', 'bin', 'pm2');
  const seconds = LIMITS[arguments_[0] ?? ''] ?? LIMIT;
  const { failed, timedOut, stdout, stderr } = await execa(process.execPath, [program, ...arguments_], {
    timeout: seconds * 1000,
    // pm2 hands its own environment down to what it starts: only what is listed here may get there.
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PM2_HOME,
      PM2_KILL_SIGNAL: 'SIGTERM',
      // The first start and a daily timer would ask pm2's makers for a newer version.
      PM2_DISCRETE_MODE: 'true',
      PM2_DISABLE_VERSION_CHECK: 'true',
    },
    reject: false,
  });
  if (!failed) return stdout;
  throw new StackError(
    `The process manager failed at \`pm2 ${arguments_.join(' ')}\`:\n${timedOut ? `no answer in ${seconds} s` : stderr || stdout}`,
    `Look into ${join(PM2_HOME, 'pm2.log')}; ./deploy.sh --local --down starts it afresh.`,
  );
}

/** Installs the process manager and starts its daemon, before several tasks need it at once. */
export async function prepare(): Promise<void> {
  if (SOCKET.length > SOCKET_LIMIT) {
    throw new StackError(
      `The checkout's path is too long for a socket in it (${SOCKET.length} of ${SOCKET_LIMIT} characters): ${SOCKET}`,
      'Move the checkout to a shorter path.',
    );
  }
  await mkdir(LOGS, { recursive: true, mode: 0o700 });
  await pm2('ping');
}

/** What the process manager knows of; empty when it does not run. */
export async function processes(): Promise<Process[]> {
  if ((await daemon()) === undefined) return [];
  const output = await pm2('jlist');
  return processList.parse(JSON.parse(output.slice(output.indexOf('['))));
}

/**
 * Starts a component, unless it already runs as defined. A component whose definition has changed (another port,
 * binary, environment) is started afresh.
 * @returns whether it was started
 */
export async function start(component: Component): Promise<boolean> {
  const definition = hash(JSON.stringify(component));
  const known = (await processes()).find(({ name }) => name === component.name);
  if (known?.status === 'online' && known.definition === definition) return false;
  if (known) await pm2('delete', component.name);
  const log = logOf(component.name);
  const file = statePath('pm2', `${component.name}.json`);
  await writePrivate(
    file,
    JSON.stringify({
      apps: [
        {
          name: component.name,
          script: component.command,
          args: component.args,
          env: { ...component.env, [MARK]: definition },
          cwd: STATE,
          interpreter: 'none',
          exec_mode: 'fork',
          out_file: log,
          error_file: log,
          // A server that keeps falling is reported, not started for ever.
          max_restarts: 3,
          min_uptime: '5s',
          kill_timeout: (component.graceSeconds ?? 10) * 1000,
          // The children of a process that finishes its work are needed until then.
          treekill: component.graceSeconds === undefined,
          ...(component.user === undefined ? {} : { uid: component.user }),
          vizion: false,
          pmx: false,
        },
      ],
    }),
  );
  try {
    await pm2('start', file);
    return true;
  } finally {
    await rm(file); // it may hold secrets
  }
}

export async function stop(name: string): Promise<void> {
  const known = (await processes()).some((process) => process.name === name);
  if (known) await pm2('delete', name);
}

/**
 * Stops everything that was started and the daemon itself, also what a killed daemon left behind; n8n first, while what its
 * executions use still runs.
 */
export async function stopAll(): Promise<void> {
  const running = await daemon();
  if (running !== undefined) {
    try {
      await stopInOrder();
    } catch (error) {
      if (!(error instanceof StackError)) throw error;
      // It hangs. What it started is ended below.
      if ((await daemon()) === running) process.kill(running, 'SIGKILL');
    }
  }
  await endLeftovers();
}

async function stopInOrder(): Promise<void> {
  const started = (await processes()).map(({ name }) => name);
  if (started.includes('gate')) await stop('gate');
  await stopN8n();
  await pm2('kill');
}

/** Stops n8n's processes: those that take work before those that do it. */
export async function stopN8n(): Promise<void> {
  const started = (await processes()).map(({ name }) => name).filter((name) => N8N.test(name));
  for (const role of ['n8n-webhook-', 'n8n'])
    await Promise.all(started.filter((name) => name.startsWith(role)).map(stop));
}

const N8N = /^n8n(?:-webhook-|-worker-|$)/;
