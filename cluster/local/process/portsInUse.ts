import { readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { execa } from 'execa';
import { Refusal } from '../errors.js';
import { pidIn, remedyFor, type Holder } from './portHolder.js';
import { HOST } from './ports.js';

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: HOST, exclusive: true }, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}

/** The process behind a listening port, as far as the system tells. */
async function holderOf(port: number): Promise<Holder | undefined> {
  const { stdout } = await execa('ss', ['-ltnpH', `sport = :${port}`], { reject: false });
  const pid = pidIn(stdout);
  if (pid === undefined) return undefined;
  try {
    const [command, workingDirectory] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readlink(`/proc/${pid}/cwd`),
    ]);
    return { pid, command: command.replaceAll('\0', ' ').trim().slice(0, 120), workingDirectory };
  } catch {
    return { pid, command: 'of another user', workingDirectory: '' };
  }
}

/** @throws Refusal naming every port that is taken, by whom, and what to do */
export async function assertFree(ports: number[]): Promise<void> {
  const taken = (await Promise.all(ports.map(async (port) => ({ port, free: await isFree(port) })))).filter(
    ({ free }) => !free,
  );
  if (taken.length === 0) return;
  const reports = await Promise.all(
    taken.map(async ({ port }) => {
      const holder = await holderOf(port);
      const who = holder ? `process ${holder.pid} (${holder.command})` : 'an unknown process';
      return { line: `Port ${port} is in use by ${who}.`, remedy: remedyFor(holder) };
    }),
  );
  throw new Refusal(
    reports.map(({ line }) => line).join('\n'),
    [...new Set(reports.map(({ remedy }) => remedy))].join('\n'),
  );
}
